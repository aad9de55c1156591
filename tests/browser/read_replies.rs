//! Reads the worker's replies for the browser tests: for each header in hexadecimal on a line of standard
//! input, the same as JSON on a line of standard output. What is sealed is opened.

use std::io::{self, BufRead, Write};

use tunelab::worker::protocol::{ExtraReply, Reply};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut output = io::stdout().lock();
    for line in io::stdin().lock().lines() {
        let line = line?;
        let digits = line.as_bytes().chunks(2).map(std::str::from_utf8);
        let header = digits
            .map(|byte| Ok(u8::from_str_radix(byte?, 16)?))
            .collect::<Result<Vec<u8>, Box<dyn std::error::Error>>>()?;
        let (reply, rest) = postcard::take_from_bytes::<Reply>(&header)?;
        if !rest.is_empty() {
            return Err(format!("{} bytes follow after {reply:?}", rest.len()).into());
        }
        let json = match &reply {
            Reply::Extra(sealed) => serde_json::to_string(&sealed.open::<ExtraReply>()?)?,
            reply => serde_json::to_string(reply)?,
        };
        writeln!(output, "{json}")?;
        output.flush()?;
    }
    Ok(())
}
