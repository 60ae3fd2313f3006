#![no_main]

yukimichi_fuzz::decoder!("harja");
