#![no_main]

yukimichi_fuzz::decoder!("plow_csv");
