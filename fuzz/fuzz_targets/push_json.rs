#![no_main]

yukimichi_fuzz::decoder!("push_json");
