//! The most memory that the process has held, as the system counts it.

/// The peak since the last call, in bytes. Where the system cannot forget an earlier peak (all
/// but Linux), the peak since the start.
#[cfg(target_os = "linux")]
pub fn take_peak() -> Option<u64> {
    let peak = told("VmHWM:");
    // Writing 5 resets the high-water mark (proc(5), clear_refs). A kernel that refuses leaves
    // the peak since the start.
    let _ = std::fs::write("/proc/self/clear_refs", "5");
    peak
}

/// What the system tells of this process's memory under a name (proc(5), status), in bytes.
#[cfg(target_os = "linux")]
pub fn told(name: &str) -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes * 1024)
}

#[cfg(windows)]
pub fn take_peak() -> Option<u64> {
    use windows_sys::Win32::System::ProcessStatus::{GetProcessMemoryInfo, PROCESS_MEMORY_COUNTERS};
    use windows_sys::Win32::System::Threading::GetCurrentProcess;
    let size = u32::try_from(size_of::<PROCESS_MEMORY_COUNTERS>()).ok()?;
    let mut counters = PROCESS_MEMORY_COUNTERS { cb: size, ..Default::default() };
    // SAFETY: the handle of the own process is always valid, and the counters live through the call
    // and are as large as said.
    let done = unsafe { GetProcessMemoryInfo(GetCurrentProcess(), &mut counters, size) };
    (done != 0).then_some(counters.PeakWorkingSetSize as u64)
}

#[cfg(not(any(target_os = "linux", windows)))]
pub fn take_peak() -> Option<u64> {
    None
}
