//! Figures of the system about this process.

/// The most memory it ever had, in bytes.
pub fn peak_memory() -> u64 {
    status("VmHWM")
}

/// The memory it has, in bytes.
pub fn memory() -> u64 {
    status("VmRSS")
}

/// Open files and sockets.
pub fn descriptors() -> usize {
    std::fs::read_dir("/proc/self/fd").expect("Linux").count()
}

fn status(name: &str) -> u64 {
    let text = std::fs::read_to_string("/proc/self/status").expect("Linux");
    let line = text.lines().find_map(|line| line.strip_prefix(name)).expect("a known line");
    let kibibytes: u64 = line.split_whitespace().nth(1).and_then(|n| n.parse().ok()).expect("kB");
    kibibytes * 1024
}
