//! Words and signs become an expression: `||` binds least, then `&&`, comparisons, `!`.
//! Never accepts a word that it does not know; what is refused is named with its place.

use serde_json::Value as Json;

use super::tokens::{Kind, Token, tokens};
use super::{Comparison, Conversion, Expression};

/// Brackets and signs inside each other. Reading and evaluating go as deep on the stack.
const DEPTH_MAX: usize = 64;

const COMPARISONS: [(&str, Comparison); 6] = [
    ("==", Comparison::Equal),
    ("!=", Comparison::NotEqual),
    ("<=", Comparison::LessOrEqual),
    (">=", Comparison::GreaterOrEqual),
    ("<", Comparison::Less),
    (">", Comparison::Greater),
];

pub(super) fn parse(text: &str) -> Result<Expression, String> {
    let mut reader = Reader { tokens: tokens(text)?, next: 0, depth: 0 };
    let expression = reader.any()?;
    match reader.tokens.get(reader.next) {
        None => Ok(expression),
        Some(token) => Err(format!("nothing may follow before character {}", token.at)),
    }
}

struct Reader {
    tokens: Vec<Token>,
    next: usize,
    depth: usize,
}

impl Reader {
    fn any(&mut self) -> Result<Expression, String> {
        self.chain("||", Self::all, Expression::Any)
    }

    fn all(&mut self) -> Result<Expression, String> {
        self.chain("&&", Self::comparison, Expression::All)
    }

    fn chain(
        &mut self,
        sign: &'static str,
        part: fn(&mut Self) -> Result<Expression, String>,
        join: fn(Vec<Expression>) -> Expression,
    ) -> Result<Expression, String> {
        let mut parts = vec![part(self)?];
        while self.take(sign) {
            parts.push(part(self)?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { join(parts) })
    }

    fn comparison(&mut self) -> Result<Expression, String> {
        let left = self.unary()?;
        for (sign, with) in COMPARISONS {
            if self.take(sign) {
                let right = self.unary()?;
                return Ok(Expression::Compare { with, left: Box::new(left), right: Box::new(right) });
            }
        }
        Ok(left)
    }

    fn unary(&mut self) -> Result<Expression, String> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err(format!("more than {DEPTH_MAX} brackets and signs stand inside each other"));
        }
        let expression = if self.take("!") {
            Expression::Not(Box::new(self.unary()?))
        } else if self.take("-") {
            self.negative()?
        } else {
            self.value()?
        };
        self.depth -= 1;
        Ok(expression)
    }

    fn negative(&mut self) -> Result<Expression, String> {
        let at = self.at();
        let Expression::Literal(Json::Number(number)) = self.value()? else {
            return Err(format!("expected a number at {at}"));
        };
        let negative = match number.as_i64() {
            Some(whole) => whole.checked_neg().map(Json::from),
            None => number.as_f64().and_then(|float| serde_json::Number::from_f64(-float)).map(Json::Number),
        };
        negative.map(Expression::Literal).ok_or_else(|| format!("there is no such number at {at}"))
    }

    fn value(&mut self) -> Result<Expression, String> {
        let at = self.at();
        if self.take("(") {
            let inner = self.any()?;
            self.expect(")")?;
            return Ok(inner);
        }
        let kind = self.tokens.get(self.next).map(|token| token.kind.clone());
        self.next += 1;
        match kind {
            Some(Kind::Literal(json)) => Ok(Expression::Literal(json)),
            Some(Kind::Word(word)) => self.word(&word, &at),
            Some(Kind::Sign(sign)) => Err(format!("expected a value at {at}, got `{sign}`")),
            None => Err(format!("expected a value at {at}")),
        }
    }

    fn word(&mut self, word: &str, at: &str) -> Result<Expression, String> {
        let to = match word {
            "inputs" => return self.parameter(),
            "int" => Conversion::Int,
            "double" => Conversion::Double,
            "string" => Conversion::String,
            "bool" => Conversion::Bool,
            other => {
                return Err(format!(
                    "`{other}` at {at} is not known here; there are inputs.parameter_values['NAME'], int(), double(), \
                     string(), bool()"
                ));
            }
        };
        self.expect("(")?;
        let of = Box::new(self.any()?);
        self.expect(")")?;
        Ok(Expression::Convert { to, of })
    }

    /// What follows `inputs`: `.parameter_values['NAME']`, and nothing else is known of inputs.
    fn parameter(&mut self) -> Result<Expression, String> {
        self.expect(".")?;
        let at = self.at();
        match self.tokens.get(self.next).map(|token| &token.kind) {
            Some(Kind::Word(word)) if word == "parameter_values" => self.next += 1,
            _ => return Err(format!("expected `parameter_values` at {at}")),
        }
        self.expect("[")?;
        let at = self.at();
        let name = match self.tokens.get(self.next).map(|token| &token.kind) {
            Some(Kind::Literal(Json::String(name))) => name.clone(),
            _ => return Err(format!("expected an input's name in quotes at {at}")),
        };
        self.next += 1;
        self.expect("]")?;
        Ok(Expression::Parameter(name))
    }

    fn take(&mut self, sign: &str) -> bool {
        let found = matches!(self.tokens.get(self.next), Some(Token { kind: Kind::Sign(found), .. }) if *found == sign);
        self.next += usize::from(found);
        found
    }

    fn expect(&mut self, sign: &str) -> Result<(), String> {
        if self.take(sign) { Ok(()) } else { Err(format!("expected `{sign}` at {}", self.at())) }
    }

    fn at(&self) -> String {
        self.tokens.get(self.next).map_or_else(|| "the end".to_owned(), |token| format!("character {}", token.at))
    }
}
