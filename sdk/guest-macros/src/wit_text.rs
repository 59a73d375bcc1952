//! The WIT document of one step: a world that exports it, and the packages it refers to.
//! Never names a Rust path.

use std::fmt::Write as _;

use crate::contracts;
use crate::function::{Named, Outputs, StepFunction};

impl StepFunction {
    /// The WIT record of the named outputs. It stands in the world, and a component can have many
    /// steps, so the name carries the step's.
    pub(crate) fn outputs_record(&self) -> String {
        format!("{}-outputs", self.name)
    }

    /// The world's name.
    pub(crate) fn world(&self) -> String {
        format!("{}-step", self.name)
    }

    /// The interfaces that the world refers to, with versions.
    pub(crate) fn interfaces(&self) -> Vec<String> {
        let mut interfaces = Vec::new();
        let handles = self.handles();
        if !handles.is_empty() {
            interfaces.push("sandmill:data/types@0.1.0".to_owned());
        }
        interfaces.extend(handles.iter().map(|handle| format!("sandmill:data/{}@0.1.0", handle.interface())));
        if self.fallible {
            interfaces.push("sandmill:step/types@0.1.0".to_owned());
        }
        interfaces
    }

    /// The whole document.
    pub(crate) fn document(&self) -> String {
        // The `%` marks a name as a name, so that `type` or `list` can be one.
        let mut text = format!("package steps:%{};\n\nworld %{} {{\n", self.name, self.world());
        for handle in self.handles() {
            let _ = writeln!(text, "    use sandmill:data/{}@0.1.0.{{{}}};", handle.interface(), handle.wit());
        }
        if self.fallible {
            text.push_str("    use sandmill:step/types@0.1.0.{failure};\n");
        }
        let fields = self.output_fields();
        if !fields.is_empty() {
            let _ = writeln!(text, "\n    record %{} {{", self.outputs_record());
            for field in fields {
                let _ = writeln!(text, "        %{}: {},", field.name, field.wit_type.wit());
            }
            text.push_str("    }\n");
        }
        text.push('\n');
        for line in &self.docs {
            let _ = writeln!(text, "    ///{line}");
        }
        let parameters: Vec<String> = self
            .parameters
            .iter()
            .map(|parameter| format!("%{}: {}", parameter.name, parameter.wit_type.wit()))
            .collect();
        let _ = writeln!(text, "    export %{}: func({}){};\n}}\n", self.name, parameters.join(", "), self.result());
        text.push_str(&contracts::nested_packages());
        text
    }

    /// Name and doc comment as one record of the section that carries them; none without words.
    pub(crate) fn documentation(&self) -> Option<String> {
        let words = self.docs.join("\n");
        // What ends a record cannot be part of one.
        let words = words.replace(['\u{1e}', '\u{1f}'], "\u{fffd}");
        (!words.trim().is_empty()).then(|| format!("{}\u{1f}{words}\u{1e}", self.name))
    }

    fn output_fields(&self) -> &[Named] {
        match &self.outputs {
            Outputs::None | Outputs::Unnamed(_) => &[],
            Outputs::Single(output) => std::slice::from_ref(output),
            Outputs::Several(outputs) => outputs,
        }
    }

    /// ` -> result<...>`, or nothing.
    fn result(&self) -> String {
        let good = match &self.outputs {
            Outputs::None => None,
            Outputs::Unnamed(wit_type) => Some(wit_type.wit()),
            Outputs::Single(_) | Outputs::Several(_) => Some(format!("%{}", self.outputs_record())),
        };
        match (good, self.fallible) {
            (None, false) => String::new(),
            (Some(good), false) => format!(" -> {good}"),
            (None, true) => " -> result<_, failure>".to_owned(),
            (Some(good), true) => format!(" -> result<{good}, failure>"),
        }
    }
}
