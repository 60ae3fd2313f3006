//! Signing in to the board over HTTP: sessions, other sites' pages, roles, invitations, guessers.
#![allow(clippy::unwrap_used)]

mod support;

use serde_json::{Value, json};
use std::io::Write;
use std::path::Path;
use std::process::Stdio;
use support::{Answer, Server, request, text, yukimichi};

const CONFIG: &str = r#"
[http]
listen = "127.0.0.1:0"
[[manager]]
code = "02"
level = "prefectural"
name = { ja = "青森県", en = "Aomori" }
[[manager]]
code = "02201"
level = "municipal"
name = { ja = "青森市", en = "Aomori City" }
"#;

const PASSWORD: &str = "雪の降る町を雪の降る町を";

/// A browser with its cookie, whose page knows its token.
struct Browser<'a> {
    server: &'a Server,
    cookie: String,
    csrf_token: String,
}

impl<'a> Browser<'a> {
    fn new(server: &'a Server) -> Self {
        Browser {
            server,
            cookie: String::new(),
            csrf_token: String::new(),
        }
    }

    fn ask(&self, method: &str, path: &str, more: &[(&str, &str)], body: Option<&Value>) -> Answer {
        let body = body.map(Value::to_string).unwrap_or_default();
        let length = body.len().to_string();
        let mut headers = vec![
            ("cookie", self.cookie.as_str()),
            ("content-type", "application/json"),
            ("content-length", &length),
        ];
        headers.extend(more);
        request(
            &self.server.address,
            method,
            path,
            &headers,
            body.as_bytes(),
        )
    }

    /// As the page itself asks.
    fn page(&self, method: &str, path: &str, body: Option<&Value>) -> Answer {
        let own = [
            ("x-csrf-token", self.csrf_token.as_str()),
            ("sec-fetch-site", "same-origin"),
        ];
        self.ask(method, path, &own, body)
    }

    fn take(&mut self, answer: &Answer) {
        let set = answer.header("set-cookie").unwrap();
        assert!(
            set.contains("HttpOnly") && set.contains("SameSite=Lax"),
            "{set}"
        );
        self.cookie = set.split(';').next().unwrap().to_owned();
        self.csrf_token = answer.json()["csrf_token"].as_str().unwrap().to_owned();
    }

    fn sign_in(&mut self, email: &str, password: &str) -> Answer {
        let body = json!({ "email": email, "password": password });
        let answer = self.ask("POST", "/api/v1/session", &[], Some(&body));
        if answer.status == 201 {
            self.take(&answer);
        }
        answer
    }

    fn who(&self) -> Value {
        let answer = self.page("GET", "/api/v1/session", None);
        assert_eq!(answer.status, 200, "{}", text(&answer.body));
        answer.json()
    }
}

fn create(data_dir: &Path, manager: &str, email: &str, password: &str) -> (bool, String) {
    let args = [
        "admin",
        "create",
        "--manager",
        manager,
        "--name",
        "佐藤",
        "--email",
        email,
    ];
    let mut child = yukimichi(data_dir, &args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that refuses its arguments reads no password.
    let _ = writeln!(child.stdin.take().unwrap(), "{password}");
    let done = child.wait_with_output().unwrap();
    (done.status.success(), text(&done.stderr))
}

fn status(answer: &Answer, expected: u16) {
    assert_eq!(answer.status, expected, "{}", text(&answer.body));
}

#[test]
fn people_sign_in_and_act_by_their_roles() {
    let folder = support::folder();
    let data_dir = folder.path();
    std::fs::write(data_dir.join("yukimichi.toml"), CONFIG).unwrap();
    let server = Server::start(data_dir, &["run"]);
    let (done, said) = create(data_dir, "02", "Sato@Example.jp", "short");
    assert!(!done && said.contains("shorter than 12"), "{said}");
    let (done, said) = create(data_dir, "03", "sato@example.jp", PASSWORD);
    assert!(!done && said.contains("no [[manager]]"), "{said}");
    let (done, said) = create(data_dir, "02", "Sato@Example.jp", PASSWORD);
    assert!(done, "{said}");

    sessions(&server);
    other_pages(&server);
    roles(&server);
    several_managers(&server, data_dir);
    guessers(&server);

    let listed = support::run(data_dir, &["admin", "list"]);
    assert!(text(&listed.stdout).contains("sato@example.jp"));
    let mut admin = Browser::new(&server);
    status(&admin.sign_in("sato@example.jp", PASSWORD), 201);
    let disable = support::run(
        data_dir,
        &["admin", "disable", "--email", "sato@example.jp"],
    );
    assert!(disable.status.success(), "{}", text(&disable.stderr));
    assert_eq!(admin.who()["signed_in"], false);
    status(&admin.sign_in("sato@example.jp", PASSWORD), 401);
    assert!(server.stop().success());
}

fn sessions(server: &Server) {
    let mut browser = Browser::new(server);
    assert_eq!(browser.who()["signed_in"], false);
    let (wrong, unknown) = (
        browser.sign_in("sato@example.jp", "wrong"),
        browser.sign_in("nobody@example.jp", PASSWORD),
    );
    status(&wrong, 401);
    assert_eq!(wrong.json()["detail"], unknown.json()["detail"]);
    let answer = browser.sign_in(" SATO@example.jp ", PASSWORD);
    status(&answer, 201);
    assert!(
        !text(&answer.body).contains("argon2"),
        "the hash is told to nobody"
    );
    let who = browser.who();
    assert_eq!(
        (&who["account"]["name"], &who["managers"][0]["role"]),
        (&json!("佐藤"), &json!("admin"))
    );
    assert_eq!(who["managers"][0]["manager"]["name"]["ja"], "青森県");

    let mut second = Browser::new(server);
    status(&second.sign_in("sato@example.jp", PASSWORD), 201);
    status(&second.page("DELETE", "/api/v1/session", None), 204);
    assert_eq!(
        (
            second.who()["signed_in"].clone(),
            browser.who()["signed_in"].clone()
        ),
        (json!(false), json!(true))
    );
    status(&second.sign_in("sato@example.jp", PASSWORD), 201);
    status(
        &second.page("DELETE", "/api/v1/session?everywhere=true", None),
        204,
    );
    assert_eq!(browser.who()["signed_in"], false);
    // Whoever lost the session may still sign out.
    status(&browser.page("DELETE", "/api/v1/session", None), 204);

    let renewed = "雪の降る町を雪の降る町を２";
    status(&browser.sign_in("sato@example.jp", PASSWORD), 201);
    let change = |password: &str, new: &str| {
        let body = json!({ "password": password, "new_password": new });
        browser.page("POST", "/api/v1/session/password", Some(&body))
    };
    status(&change("wrong", renewed), 403);
    status(&change(PASSWORD, "short"), 422);
    status(&change(PASSWORD, renewed), 201);
    assert_eq!(
        browser.who()["signed_in"],
        false,
        "the session before the change has ended"
    );
    status(&browser.sign_in("sato@example.jp", renewed), 201);
    let body = json!({ "password": renewed, "new_password": PASSWORD });
    status(
        &browser.page("POST", "/api/v1/session/password", Some(&body)),
        201,
    );
}

fn other_pages(server: &Server) {
    let mut browser = Browser::new(server);
    status(&browser.sign_in("sato@example.jp", PASSWORD), 201);
    let report = json!({ "zone": "A-1", "state": "ordered" });
    let token = ("x-csrf-token", browser.csrf_token.as_str());
    let host = format!("http://{}", server.address);
    for (headers, expected) in [
        (vec![], 403),
        (vec![("sec-fetch-site", "same-origin")], 403),
        (vec![("x-csrf-token", "0")], 403),
        (vec![token, ("sec-fetch-site", "cross-site")], 403),
        (vec![token, ("sec-fetch-site", "same-site")], 403),
        (vec![token, ("origin", "https://evil.example")], 403),
        (vec![token, ("origin", host.as_str())], 201),
        (vec![token, ("sec-fetch-site", "same-origin")], 201),
    ] {
        let answer = browser.ask("POST", "/api/v1/reports", &headers, Some(&report));
        assert_eq!(
            answer.status,
            expected,
            "{headers:?}: {}",
            text(&answer.body)
        );
    }
    let foreign = [("sec-fetch-site", "cross-site")];
    let body = json!({ "email": "sato@example.jp", "password": PASSWORD });
    status(
        &browser.ask("POST", "/api/v1/session", &foreign, Some(&body)),
        403,
    );
    // A form can't send JSON.
    let form = [("content-type", "text/plain"), ("content-length", "2")];
    let answer = request(&server.address, "POST", "/api/v1/session", &form, b"{}");
    status(&answer, 415);
}

fn roles(server: &Server) {
    let mut admin = Browser::new(server);
    status(&admin.sign_in("sato@example.jp", PASSWORD), 201);
    let let_in = |email: &str, role: &str| {
        let body = json!({ "email": email, "name": "鈴木", "role": role });
        admin.page("POST", "/api/v1/accounts", Some(&body))
    };
    status(&let_in("no address", "viewer"), 422);
    status(&let_in("suzuki@example.jp", "root"), 422);
    let invited = let_in("Suzuki@example.jp", "viewer");
    status(&invited, 201);
    status(&let_in("suzuki@example.jp", "viewer"), 409);
    let id = invited.json()["id"].as_i64().unwrap();
    let token = invited.json()["invitation"]["token"]
        .as_str()
        .unwrap()
        .to_owned();

    let mut viewer = Browser::new(server);
    status(&viewer.sign_in("suzuki@example.jp", ""), 401);
    let take = |password: &str| {
        let body = json!({ "token": token, "password": password });
        Browser::new(server).ask("POST", "/api/v1/invitations", &[], Some(&body))
    };
    status(&take("short"), 422);
    let taken = take(PASSWORD);
    status(&taken, 201);
    viewer.take(&taken);
    status(&take(PASSWORD), 422);

    // A viewer sees names and the quarantine, and changes nothing.
    let report = json!({ "zone": "A-1", "state": "done", "said_by": "青森建設 田中" });
    status(&viewer.page("POST", "/api/v1/reports", Some(&report)), 403);
    status(&viewer.page("GET", "/api/v1/rejections", None), 200);
    status(&viewer.page("GET", "/api/v1/accounts", None), 403);
    let change = |role: &str| {
        let path = format!("/api/v1/accounts/{id}");
        admin.page("PATCH", &path, Some(&json!({ "role": role })))
    };
    status(&change("operator"), 200);
    status(&viewer.page("POST", "/api/v1/reports", Some(&report)), 201);
    let orders = viewer.page("GET", "/api/v1/orders", None).json();
    let said = &orders["features"][0]["properties"]["report"];
    assert_eq!(
        (&said["said_by"], &said["recorded_by"]),
        (&json!("青森建設 田中"), &json!("鈴木"))
    );
    let public = text(&server.get("/api/v1/orders").body);
    assert!(
        !public.contains("田中") && !public.contains("鈴木"),
        "{public}"
    );
    status(&viewer.page("GET", "/api/v1/accounts", None), 403);

    let own = admin.who()["account"]["id"].as_i64().unwrap();
    status(
        &admin.page("DELETE", &format!("/api/v1/accounts/{own}"), None),
        409,
    );
    status(
        &admin.page("DELETE", &format!("/api/v1/accounts/{id}"), None),
        204,
    );
    status(
        &admin.page("DELETE", &format!("/api/v1/accounts/{id}"), None),
        404,
    );
    status(&viewer.page("POST", "/api/v1/reports", Some(&report)), 403);
}

fn several_managers(server: &Server, data_dir: &Path) {
    let (done, said) = create(data_dir, "02201", "sato@example.jp", PASSWORD);
    assert!(done, "{said}");
    let mut browser = Browser::new(server);
    status(&browser.sign_in("sato@example.jp", PASSWORD), 201);
    assert_eq!(browser.who()["managers"].as_array().unwrap().len(), 2);
    let report = json!({ "zone": "B-1", "state": "ordered" });
    let token = browser.csrf_token.clone();
    let post = |manager: Option<&str>| {
        let mut headers = vec![("x-csrf-token", token.as_str())];
        headers.extend(manager.map(|code| ("yukimichi-manager", code)));
        browser.ask("POST", "/api/v1/reports", &headers, Some(&report))
    };
    status(&post(None), 400);
    status(&post(Some("03")), 403);
    status(&post(Some("02201")), 201);
    let orders = server.json("/api/v1/orders?manager=02201");
    assert_eq!(orders["features"][0]["properties"]["zone"], "B-1");

    // The county's admin may not take over an account that acts for the city as well.
    let own = browser.who()["account"]["id"].as_i64().unwrap();
    let headers = [
        ("x-csrf-token", token.as_str()),
        ("yukimichi-manager", "02"),
    ];
    let path = format!("/api/v1/accounts/{own}/invitation");
    status(&browser.ask("POST", &path, &headers, None), 403);
}

fn guessers(server: &Server) {
    let mut guesser = Browser::new(server);
    let refused = (0..20)
        .map(|_| guesser.sign_in("sato@example.jp", "a guess"))
        .find(|answer| answer.status != 401)
        .unwrap();
    status(&refused, 429);
    let wait_s: u64 = refused.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=30).contains(&wait_s), "{wait_s}");
    assert_eq!(refused.json()["retry_after_s"], wait_s);
    // The officer, from elsewhere, is let in: a proxy on this machine says for whom it speaks.
    let body = json!({ "email": "sato@example.jp", "password": PASSWORD });
    let elsewhere = [("x-forwarded-for", "6.6.6.6, 198.51.100.7")];
    status(
        &guesser.ask("POST", "/api/v1/session", &elsewhere, Some(&body)),
        201,
    );
    // By which the account's count begins anew; the guesser's address keeps its own.
    support::until("the wait's end", || {
        (guesser.sign_in("sato@example.jp", PASSWORD).status == 201).then_some(())
    });
}
