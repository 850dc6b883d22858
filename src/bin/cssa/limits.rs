//! The limits of a worker process: memory, and processor time for each file. On Linux the system
//! enforces them; elsewhere the guard before the reader and the patience of the program have to do.

/// How many seconds of processor time one file may take if nobody says otherwise. A filled questionnaire takes some milliseconds, the
/// largest workbook that the guard lets through about half a second; a build without optimisation
/// takes some fifteen times as long.
pub const SECONDS: u32 = if cfg!(debug_assertions) { 15 } else { 1 };

/// Holds the process to so many bytes of memory beyond those that it has now, and keeps a crash
/// from leaving an image of its memory, which holds answers, on the disk.
#[cfg(target_os = "linux")]
pub fn hold_to(bytes: u64) {
    use rustix::process::{Resource, Rlimit, setrlimit};
    // The address space in use by now is the program's own text: no memory that a workbook takes.
    let most = crate::memory::told("VmSize:").unwrap_or(0).saturating_add(bytes);
    // Where the system refuses, the guard alone has to do.
    let _ = setrlimit(Resource::As, Rlimit { current: Some(most), maximum: Some(most) });
    let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
}

/// Begins the time of a file. A process that uses it up is ended by the system, even when nobody
/// is left to wait for it.
#[cfg(target_os = "linux")]
pub fn begin_time(seconds: u32) {
    set_timer(seconds);
}

/// Ends the time of a file.
#[cfg(target_os = "linux")]
pub fn end_time() {
    set_timer(0);
}

#[cfg(target_os = "linux")]
fn set_timer(seconds: u32) {
    let none = libc::timeval { tv_sec: 0, tv_usec: 0 };
    let timer = libc::itimerval { it_interval: none, it_value: libc::timeval { tv_sec: seconds.into(), ..none } };
    // SAFETY: the timer lives through the call, and the old one is not asked for. Its signal,
    // SIGPROF, has no handler here and so ends the process.
    unsafe { libc::setitimer(libc::ITIMER_PROF, &raw const timer, std::ptr::null_mut()) };
}

#[cfg(not(target_os = "linux"))]
pub fn hold_to(_: u64) {}

#[cfg(not(target_os = "linux"))]
pub fn begin_time(_: u32) {}

#[cfg(not(target_os = "linux"))]
pub fn end_time() {}
