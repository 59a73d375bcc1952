//! How commands speak: data on stdout, talk on stderr.
//! Never prints a control character that came from elsewhere, and never a colour into a file.

use std::env;
use std::io::{self, IsTerminal, Write};

use host_api::problem::{Problem, Problems};
use serde::Serialize;

use crate::args::{Colour, GlobalArguments};
use crate::trouble::{Outcome, Trouble};

/// A look of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    Plain,
    Bold,
    Faint,
    Good,
    Bad,
    Busy,
}

impl Style {
    const fn escape(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Bold => "\u{1b}[1m",
            Self::Faint => "\u{1b}[2m",
            Self::Good => "\u{1b}[32m",
            Self::Bad => "\u{1b}[31m",
            Self::Busy => "\u{1b}[36m",
        }
    }

    /// The text in this look.
    pub fn paint(self, text: &str, colours: bool) -> String {
        if colours && self != Self::Plain { format!("{}{text}\u{1b}[0m", self.escape()) } else { text.to_owned() }
    }
}

/// Where and how to print.
#[derive(Clone, Debug)]
pub struct Printer {
    /// Whether data is JSON.
    pub json: bool,
    /// Whether only data and errors are wanted.
    pub quiet: bool,
    /// Whether data may have colours.
    pub colours: bool,
    /// Whether talk may have colours.
    pub talk_colours: bool,
    /// Whether talk is read on a terminal, where lines can be drawn over.
    pub talk_terminal: bool,
}

impl Printer {
    /// Looks at the arguments, the environment and the terminal.
    pub fn new(arguments: &GlobalArguments) -> Self {
        let wanted = |terminal: bool| match arguments.color {
            Colour::Always => true,
            Colour::Never => false,
            Colour::Auto => {
                let no_color = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
                let dumb = env::var_os("TERM").is_some_and(|value| value == "dumb");
                terminal && !no_color && !dumb
            }
        };
        let talk_terminal = io::stderr().is_terminal();
        Self {
            json: arguments.json,
            quiet: arguments.quiet,
            colours: wanted(io::stdout().is_terminal()),
            talk_colours: wanted(talk_terminal),
            talk_terminal,
        }
    }

    /// A line, or several, of data.
    pub fn data(&self, text: &str) -> Outcome {
        let mut stdout = io::stdout().lock();
        writeln!(stdout, "{text}")?;
        Ok(stdout.flush()?)
    }

    /// An object of data on one line.
    pub fn object(&self, value: &impl Serialize) -> Outcome {
        let text = serde_json::to_string(value).map_err(io::Error::other)?;
        self.data(&text)
    }

    /// Data as an object with `--json`, else as text.
    pub fn either(&self, value: &impl Serialize, text: impl FnOnce() -> String) -> Outcome {
        if self.json { self.object(value) } else { self.data(&text()) }
    }

    /// A line of talk.
    pub fn note(&self, text: &str) {
        if !self.quiet {
            // Nobody to talk to is no reason to fail.
            let _ = writeln!(io::stderr().lock(), "{text}");
        }
    }

    /// What went wrong.
    pub fn trouble(&self, trouble: &Trouble) {
        if trouble.problems.is_empty() {
            return;
        }
        let mut stderr = io::stderr().lock();
        if self.json {
            let problems = Problems { errors: trouble.problems.clone() };
            let _ = serde_json::to_writer(&mut stderr, &problems);
            let _ = writeln!(stderr);
            return;
        }
        for problem in &trouble.problems {
            let _ = writeln!(stderr, "{}", problem_text(problem, "", self.talk_colours));
        }
    }
}

/// A problem on one line, its hint on the next.
pub fn problem_text(problem: &Problem, indent: &str, colours: bool) -> String {
    let label = Style::Bad.paint(&format!("error[{}]", problem.code), colours);
    let mut text = format!("{indent}{label}: {}", clean(&problem.message));
    if let Some(hint) = &problem.hint {
        let label = Style::Busy.paint("next", colours);
        text.push_str(&format!("\n{indent}  {label}: {}", clean(hint)));
    }
    text
}

/// Text from elsewhere without what could steer a terminal; line ends and tabs stay.
pub fn clean(text: &str) -> String {
    text.chars().filter(|character| !character.is_control() || matches!(character, '\n' | '\t')).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_steer_a_terminal_is_left_out() {
        assert_eq!(clean("a\u{1b}[31mb\u{7}\n\tc\u{9b}d"), "a[31mb\n\tcd");
    }

    #[test]
    fn problems_name_code_and_next_step() {
        let problem = Problem {
            code: "SM0701".to_owned(),
            message: "there is no run 7".to_owned(),
            hint: Some("list them".to_owned()),
            retryable: false,
        };
        assert_eq!(problem_text(&problem, "", false), "error[SM0701]: there is no run 7\n  next: list them");
    }
}
