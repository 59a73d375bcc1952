// Markdown as elements, made one by one from what the parser found.
// Never HTML: tags in the text are shown as text, and nothing is fetched from elsewhere.

import { lexer, type Token, type Tokens } from "marked";
import { createElement, Fragment, useMemo, type ReactElement, type ReactNode } from "react";

export default function MarkdownView({ text }: { text: string }): ReactElement {
  const tokens = useMemo(() => lexer(text, { gfm: true }), [text]);
  return <div className="markdown">{all(tokens)}</div>;
}

function all(tokens: readonly Token[] | undefined): ReactNode[] {
  return (tokens ?? []).map((token, place) => <Fragment key={place}>{one(token)}</Fragment>);
}

function inner(token: Token): ReactNode {
  const tokens = "tokens" in token ? (token.tokens as Token[] | undefined) : undefined;
  return tokens === undefined ? plain(token) : all(tokens);
}

function plain(token: Token): string {
  return "text" in token && typeof token.text === "string" ? token.text : token.raw;
}

function one(token: Token): ReactNode {
  switch (token.type) {
    case "space":
      return null;
    case "heading":
      // The page has a heading of its own above.
      return createElement(`h${Math.min(6, (token as Tokens.Heading).depth + 2)}`, null, inner(token));
    case "paragraph":
      return <p>{inner(token)}</p>;
    case "strong":
      return <strong>{inner(token)}</strong>;
    case "em":
      return <em>{inner(token)}</em>;
    case "del":
      return <del>{inner(token)}</del>;
    case "codespan":
      return <code>{plain(token)}</code>;
    case "code":
      return <pre>{plain(token)}</pre>;
    case "blockquote":
      return <blockquote>{inner(token)}</blockquote>;
    case "br":
      return <br />;
    case "hr":
      return <hr />;
    case "list":
      return list(token as Tokens.List);
    case "table":
      return table(token as Tokens.Table);
    case "link":
      return link(token as Tokens.Link);
    case "image":
      return <span className="quiet-text">[image: {plain(token)}]</span>;
    default:
      return inner(token);
  }
}

function list(token: Tokens.List): ReactNode {
  const items = token.items.map((item, place) => <li key={place}>{all(item.tokens)}</li>);
  return token.ordered ? <ol start={token.start === "" ? 1 : token.start}>{items}</ol> : <ul>{items}</ul>;
}

function table(token: Tokens.Table): ReactNode {
  const cells = (row: Tokens.TableCell[], tag: "th" | "td"): ReactNode =>
    row.map((cell, place) => createElement(tag, { key: place }, all(cell.tokens)));
  return (
    <table className="data">
      <thead>
        <tr>{cells(token.header, "th")}</tr>
      </thead>
      <tbody>
        {token.rows.map((row, place) => (
          <tr key={place}>{cells(row, "td")}</tr>
        ))}
      </tbody>
    </table>
  );
}

/** Only addresses that a browser opens as a page; whatever else an address could do, it does not do here. */
function link(token: Tokens.Link): ReactNode {
  if (!/^(https?:|mailto:)/i.test(token.href)) {
    return <span>{inner(token)}</span>;
  }
  return (
    <a href={token.href} rel="noopener noreferrer nofollow" target="_blank">
      {inner(token)}
    </a>
  );
}
