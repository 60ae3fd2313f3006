#![no_main]

yukimichi_fuzz::decoder!("snow_forecast");
