//! The signals that end the server: SIGTERM and Ctrl-C, heard on a thread of their own from the beginning of the
//! process to its end, so that one counts also while every other thread is held up, by a log that nobody reads or a
//! name server that does not answer.

use std::future::Future;
use std::io;
use std::process;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use tokio::runtime::Builder;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;

/// How long an orderly end may take: longer than all of its own limits together.
const END_WITHIN: Duration = Duration::from_secs(10);
/// The exit code of an end that was not orderly.
const CUT_SHORT: i32 = 1;

/// Listens from now on. The future is over when the process is told to end. Where that takes too long the process is
/// cut short: what is on disk is whole at any moment. Further signals change nothing.
pub(crate) fn stop() -> io::Result<impl Future<Output = ()>> {
    let (ask, mut asked) = watch::channel(false);
    let (report, reported) = mpsc::channel();
    thread::Builder::new().name("signals".to_owned()).spawn(move || match listen() {
        Err(error) => drop(report.send(Err(error))),
        Ok((runtime, mut signals)) => {
            drop(report.send(Ok(())));
            runtime.block_on(async {
                signals.next().await;
                ask.send_replace(true);
                pause(END_WITHIN).await;
            });
            // Nothing is said: it may be stderr that holds everything up.
            process::exit(CUT_SHORT);
        }
    })?;
    reported.recv().map_err(io::Error::other)??;
    Ok(async move {
        // The thread lives as long as the process.
        let _ = asked.wait_for(|&asked| asked).await;
    })
}

#[expect(clippy::disallowed_methods, reason = "the thread of the signals has nothing else to do")]
async fn pause(time: Duration) {
    tokio::time::sleep(time).await;
}

struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

fn listen() -> io::Result<(tokio::runtime::Runtime, Signals)> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let entered = runtime.enter();
    let signals = Signals { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? };
    drop(entered);
    Ok((runtime, signals))
}
