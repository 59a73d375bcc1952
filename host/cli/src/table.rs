//! Columns that line up.
//! Never cuts a cell: what does not fit is the terminal's to wrap.

use crate::printer::{Style, clean};

/// A cell.
pub struct Cell {
    text: String,
    style: Style,
    to_the_right: bool,
}

/// A cell of text.
pub fn cell(text: impl Into<String>) -> Cell {
    Cell { text: clean(&text.into()), style: Style::Plain, to_the_right: false }
}

/// A cell with a number, which stands to the right.
pub fn number(text: impl Into<String>) -> Cell {
    Cell { to_the_right: true, ..cell(text) }
}

impl Cell {
    /// The same in another look.
    pub fn styled(self, style: Style) -> Self {
        Self { style, ..self }
    }
}

/// Rows under headings.
pub struct Table {
    rows: Vec<Vec<Cell>>,
}

impl Table {
    /// A table with headings only.
    pub fn new(headings: &[&str]) -> Self {
        Self { rows: vec![headings.iter().map(|heading| cell(*heading).styled(Style::Faint)).collect()] }
    }

    /// Adds a row.
    pub fn row(&mut self, cells: Vec<Cell>) {
        self.rows.push(cells);
    }

    /// The lines.
    pub fn render(&self, colours: bool) -> String {
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let width_of = |column: usize| {
            let widths = self.rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.text.chars().count());
            widths.max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..columns).map(width_of).collect();
        // A heading stands where its column's numbers stand.
        let to_the_right: Vec<bool> = (0..columns)
            .map(|column| self.rows.iter().skip(1).filter_map(|row| row.get(column)).any(|cell| cell.to_the_right))
            .collect();
        let lines = self.rows.iter().map(|row| {
            let cells = row.iter().zip(&widths).zip(&to_the_right).map(|((cell, width), to_the_right)| {
                let space = " ".repeat(width - cell.text.chars().count());
                let text = cell.style.paint(&cell.text, colours);
                if *to_the_right { format!("{space}{text}") } else { format!("{text}{space}") }
            });
            cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
        });
        lines.collect::<Vec<_>>().join("\n")
    }
}

/// How the status of a run or a step looks.
pub fn status_style(status: &str) -> Style {
    match status {
        "succeeded" => Style::Good,
        "failed" => Style::Bad,
        "running" | "cancelling" | "backoff" => Style::Busy,
        "waiting" | "skipped" | "cancelled" => Style::Faint,
        _ => Style::Plain,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_and_numbers_stand_right() {
        let mut table = Table::new(&["STEP", "MS"]);
        table.row(vec![cell("load"), number("7")]);
        table.row(vec![cell("prüfen"), number("1234")]);
        assert_eq!(table.render(false), "STEP      MS\nload       7\nprüfen  1234");
    }

    #[test]
    fn colours_do_not_count_as_width() {
        let mut table = Table::new(&["A", "B"]);
        table.row(vec![cell("x").styled(Style::Good), cell("y")]);
        assert!(table.render(true).ends_with("\u{1b}[32mx\u{1b}[0m  y"));
    }
}
