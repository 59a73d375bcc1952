//! What a step refers to: parameters of the run and outputs of other steps.
//! Never checks a type.

use std::collections::BTreeSet;

use host_base::{Code, Failure};
use sdk_spec::{Pipeline, Reference, StepSpec};
use serde_json::Value as Json;

use super::callee::{Callees, output_names, output_type};
use super::expression::{Expression, read};
use super::parameters::KnownParameters;
use super::problems::{Problems, unknown};

/// Everything that can be referred to.
pub(super) struct Edges<'spec> {
    pub(super) pipeline: &'spec Pipeline,
    pub(super) parameters: &'spec KnownParameters<'spec>,
    pub(super) callees: &'spec Callees<'spec>,
}

impl<'spec> Edges<'spec> {
    /// What a reference stands for. `place` begins the message: step `a`, argument `b`.
    pub(super) fn follow(
        &self,
        place: &str,
        reference: Reference,
        needs: &mut BTreeSet<&'spec str>,
        problems: &mut Problems,
    ) -> Expression {
        match reference {
            Reference::Parameter(name) => match self.parameters.get(name.as_str()) {
                Some(known) => {
                    Expression::Parameter { parameter_type: known.parameter_type, value: known.value.clone(), name }
                }
                None => {
                    problems.push_with(|| {
                        let message =
                            format!("{place} refers to `${{parameters.{name}}}`, but there is no such parameter");
                        unknown(Code::UnknownReference, message, &name, self.parameters.keys().copied(), "parameters")
                    });
                    Expression::Unknown
                }
            },
            Reference::Output { step, output } => self.follow_output(place, &step, output, needs, problems),
        }
    }

    fn follow_output(
        &self,
        place: &str,
        step: &str,
        output: String,
        needs: &mut BTreeSet<&'spec str>,
        problems: &mut Problems,
    ) -> Expression {
        let steps = &self.pipeline.spec.steps;
        let Some((step, spec)) = steps.get_key_value(step) else {
            problems.push_with(|| {
                let message = format!("{place} refers to `${{steps.{step}.{output}}}`, but there is no step `{step}`");
                unknown(Code::UnknownReference, message, step, steps.keys().map(String::as_str), "steps")
            });
            return Expression::Unknown;
        };
        needs.insert(step.as_str());
        // A step whose component or function is not known has a problem of its own.
        let Some(callee) = self.callees.get(step.as_str()) else { return Expression::Unknown };
        match output_type(callee, spec, &output) {
            Some(value_type) => Expression::Output { step: step.clone(), output, value_type },
            None => {
                problems.push_with(|| {
                    let message = format!(
                        "{place} refers to `${{steps.{step}.{output}}}`, but step `{step}` has no output `{output}`"
                    );
                    let names = output_names(callee, spec);
                    unknown(Code::UnknownReference, message, &output, names.iter().copied(), "outputs of that step")
                });
                Expression::Unknown
            }
        }
    }

    /// The steps that a step names in `after`.
    pub(super) fn find_after(
        &self,
        name: &str,
        spec: &'spec StepSpec,
        problems: &mut Problems,
    ) -> BTreeSet<&'spec str> {
        let steps = &self.pipeline.spec.steps;
        for missing in spec.after.iter().filter(|after| !steps.contains_key(*after)) {
            problems.push_with(|| {
                let message = format!("step `{name}` is to run after `{missing}`, but there is no such step");
                unknown(Code::UnknownReference, message, missing, steps.keys().map(String::as_str), "steps")
            });
        }
        spec.after.iter().filter(|after| steps.contains_key(*after)).map(String::as_str).collect()
    }

    /// Follows the references of a step whose function is not known, for the steps it needs.
    pub(super) fn find_needs(
        &self,
        name: &str,
        spec: &'spec StepSpec,
        needs: &mut BTreeSet<&'spec str>,
        problems: &mut Problems,
    ) {
        for (argument, json) in &spec.arguments {
            read(&format!("step `{name}`, argument `{argument}`"), json, self, needs, problems);
        }
        for (index, text) in spec.command.iter().flat_map(|command| command.args.iter().enumerate()) {
            read(&format!("step `{name}`, command.args[{index}]"), &Json::from(text.as_str()), self, needs, problems);
        }
        for (input, text) in spec.command.iter().flat_map(|command| &command.inputs) {
            read(&format!("step `{name}`, input `{input}`"), &Json::from(text.as_str()), self, needs, problems);
        }
    }
}

/// The failure of a text that is no template.
pub(super) fn malformed(place: &str, error: &sdk_spec::ReferenceError) -> Failure {
    Failure::new(Code::InvalidDocument, format!("{place}: {}", error.problem)).with_hint(error.hint.clone())
}
