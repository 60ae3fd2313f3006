#![no_main]

yukimichi_fuzz::decoder!("zone_orders");
