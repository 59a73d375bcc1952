//! HTML being written, with every text escaped.
//! Never lets a text from outside open a tag, an attribute or a comment.

/// A document or a part of one.
#[derive(Clone, Debug, Default)]
pub(crate) struct Html(String);

impl Html {
    /// Everything written so far.
    pub(crate) fn into_string(self) -> String {
        self.0
    }

    /// Markup of our own, as it is. Only ever literals and files of this component.
    pub(crate) fn markup(&mut self, markup: &'static str) {
        self.0.push_str(markup);
    }

    /// Text from anywhere.
    pub(crate) fn text(&mut self, text: &str) {
        escape_into(&mut self.0, text);
    }

    /// An element with what the function writes inside. The opening may hold fixed attributes:
    /// `td class="number"`.
    pub(crate) fn tag(&mut self, opening: &'static str, inside: impl FnOnce(&mut Self)) {
        self.tag_with(opening, &[], inside);
    }

    /// The same with attributes whose values come from anywhere.
    pub(crate) fn tag_with(
        &mut self,
        opening: &'static str,
        attributes: &[(&'static str, &str)],
        inside: impl FnOnce(&mut Self),
    ) {
        self.open(opening, attributes);
        inside(self);
        self.0.push_str("</");
        self.0.push_str(opening.split(' ').next().unwrap_or(opening));
        self.0.push('>');
    }

    /// An element with text inside.
    pub(crate) fn leaf(&mut self, opening: &'static str, text: &str) {
        self.tag(opening, |html| html.text(text));
    }

    fn open(&mut self, opening: &'static str, attributes: &[(&'static str, &str)]) {
        self.0.push('<');
        self.0.push_str(opening);
        for (name, value) in attributes {
            self.0.push(' ');
            self.0.push_str(name);
            self.0.push_str("=\"");
            escape_into(&mut self.0, value);
            self.0.push('"');
        }
        self.0.push('>');
    }
}

fn escape_into(html: &mut String, text: &str) {
    for letter in text.chars() {
        match letter {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            // No control character but white space may stand in HTML.
            control if control.is_control() && !control.is_whitespace() => html.push('\u{fffd}'),
            other => html.push(other),
        }
    }
}
