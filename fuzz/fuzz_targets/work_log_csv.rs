#![no_main]

yukimichi_fuzz::decoder!("work_log_csv");
