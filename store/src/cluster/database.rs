//! What a running cluster must hold before anybody uses it: our database, with PostGIS.

use sqlx::postgres::{PgConnectOptions, PgSslMode};
use sqlx::{Connection, PgConnection};

use super::binaries::{Binaries, no_postgis};
use super::error::ClusterError;
use super::home::Home;
use super::{DATABASE, ROLE};

/// How to reach our database. Everything is said, so that no `PG*` variable of the caller's decides.
pub(super) fn options(home: &Home) -> PgConnectOptions {
    PgConnectOptions::new_without_pgpass()
        .socket(home.socket_dir())
        .port(5432)
        .username(ROLE)
        .database(DATABASE)
        .ssl_mode(PgSslMode::Disable)
}

/// Makes the database and the extension if they are missing. Under `start.lock`.
pub(super) async fn prepare(home: &Home, binaries: &Binaries) -> Result<(), ClusterError> {
    let failed = |doing| move |source| database_error(home, doing, source);

    let mut connection = PgConnection::connect_with(&options(home).database("postgres"))
        .await
        .map_err(failed("connect to the database postgres"))?;
    let there: bool =
        sqlx::query_scalar("SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)")
            .bind(DATABASE)
            .fetch_one(&mut connection)
            .await
            .map_err(failed("list the databases"))?;
    if !there {
        sqlx::query("CREATE DATABASE yukimichi")
            .execute(&mut connection)
            .await
            .map_err(failed("create the database yukimichi"))?;
    }
    connection
        .close()
        .await
        .map_err(failed("disconnect from the database postgres"))?;

    let mut connection = PgConnection::connect_with(&options(home))
        .await
        .map_err(failed("connect to the database yukimichi"))?;
    // Asked first, because creating what exists logs a notice.
    let there: bool =
        sqlx::query_scalar("SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'postgis')")
            .fetch_one(&mut connection)
            .await
            .map_err(failed("list the extensions"))?;
    if !there {
        sqlx::query("CREATE EXTENSION IF NOT EXISTS postgis")
            .execute(&mut connection)
            .await
            .map_err(|error| {
                // feature_not_supported, undefined_file: the extension's files are not installed
                let code = error
                    .as_database_error()
                    .and_then(|error| error.code())
                    .unwrap_or_default();
                if ["0A000", "58P01"].contains(&code.as_ref()) {
                    no_postgis(binaries.major)
                } else {
                    database_error(home, "create the extension postgis", error)
                }
            })?;
    }
    connection
        .close()
        .await
        .map_err(failed("disconnect from the database yukimichi"))
}

fn database_error(home: &Home, doing: &'static str, source: sqlx::Error) -> ClusterError {
    ClusterError::Database {
        doing,
        socket: home.socket_dir().to_owned(),
        log: home.log(),
        source,
    }
}
