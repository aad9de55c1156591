//! Reads the worker's replies, or with `--commands` what it was told, for the browser tests: for each header
//! in hexadecimal on a line of standard input, the same as JSON on a line of standard output. What is sealed is
//! opened.

use std::io::{self, BufRead, Write};

use serde::de::DeserializeOwned;
use tunelab_core::protocol::{Command, ExtraCommand, ExtraReply, Reply};

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
        let json = if commands { command(&header) } else { reply(&header) }?;
        writeln!(output, "{json}")?;
        output.flush()?;
    }
    Ok(())
}

fn reply(header: &[u8]) -> Result<String, Problem> {
    Ok(match whole(header)? {
        Reply::Extra(sealed) => serde_json::to_string(&sealed.open::<ExtraReply>()?)?,
        reply => serde_json::to_string(&reply)?,
    })
}

fn command(header: &[u8]) -> Result<String, Problem> {
    Ok(match whole(header)? {
        Command::Extra(sealed) => serde_json::to_string(&sealed.open::<ExtraCommand>()?)?,
        command => serde_json::to_string(&command)?,
    })
}

fn whole<T: DeserializeOwned>(header: &[u8]) -> Result<T, Problem> {
    match postcard::take_from_bytes(header)? {
        (message, []) => Ok(message),
        (_, rest) => Err(format!("{} bytes follow", rest.len()).into()),
    }
}
