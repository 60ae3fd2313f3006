#![no_main]

yukimichi_fuzz::decoder!("maintenance_tracking");
