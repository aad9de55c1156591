//! Decodes the worker's replies, or with `--commands` the page's commands, for the browser tests: for each message
//! header in hexadecimal on a line of standard input, the same as JSON on a line of standard output.

use std::io::{self, BufRead, Write};

use serde::Serialize;
use serde::de::DeserializeOwned;
use tunelab_core::protocol::{Command, Reply};

type Problem = Box<dyn std::error::Error>;

fn main() -> Result<(), Problem> {
    let commands = std::env::args().any(|argument| argument == "--commands");
    let mut output = io::stdout().lock();
    for line in io::stdin().lock().lines() {
        let line = line?;
        let digits = line.as_bytes().chunks(2).map(std::str::from_utf8);
        let header = digits
            .map(|byte| Ok(u8::from_str_radix(byte?, 16)?))
            .collect::<Result<Vec<u8>, Problem>>()?;
        let json = if commands { json::<Command>(&header) } else { json::<Reply>(&header) }?;
        writeln!(output, "{json}")?;
        output.flush()?;
    }
    Ok(())
}

fn json<T: Serialize + DeserializeOwned>(header: &[u8]) -> Result<String, Problem> {
    match postcard::take_from_bytes::<T>(header)? {
        (message, []) => Ok(serde_json::to_string(&message)?),
        (_, rest) => Err(format!("{} bytes follow", rest.len()).into()),
    }
}
