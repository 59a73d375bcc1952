// The files in a folder, page by page, and the one that was chosen, shown as any other content is.
// Never reads a file that was not chosen, nor the folder as a whole.

import { useQuery } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { useAddress } from "../app/address";
import { contentAddress, type Content } from "../api/client";
import { artifactFiles } from "../api/queries";
import type { ArtifactFile } from "../api/types";
import { ColumnHeads, Loading } from "../parts/Basics";
import { bytes } from "../parts/format";
import { Icon } from "../parts/Icon";
import { Pages } from "../parts/Pages";
import { Trouble } from "../parts/Trouble";
import { contentOfFile, lastPart, placeAsText, placeOf, readableName, type FolderPlace } from "./folder";
import { Preview } from "./Preview";

export function FolderPreview({ artifact }: { artifact: Content }): ReactElement {
  const [query, change] = useAddress();
  const { digest } = artifact;
  const place = placeOf(query.get("files"), digest);
  const go = (next: FolderPlace): void => change({ files: placeAsText(digest, next) });
  const { data, error } = useQuery(artifactFiles(digest, place.page));
  if (data === undefined) {
    return error === null ? <Loading what="Reading the folder" /> : <Trouble error={error} />;
  }
  if (data.items.length === 0 && place.page === null && (data.next ?? undefined) === undefined) {
    return <p className="quiet-text">No file is in it.</p>;
  }
  const chosen = data.items.find((file) => file.position === place.file);
  return (
    <div className={chosen === undefined ? "folder" : "folder has-open"}>
      <div className="table-scroll">
        <table className="list" aria-label="Files of the folder">
          <ColumnHeads names={["File", "Size", "Type"]} />
          <tbody>
            {data.items.map((file) => (
              <FileRow key={file.position} file={file} chosen={file === chosen} choose={() => go({ ...place, file: file === chosen ? null : file.position })} />
            ))}
          </tbody>
        </table>
      </div>
      <Pages next={data.next ?? undefined} first={place.page === null} turn={(page) => go({ page, file: null })} label="Pages of files" back="First" on="More" />
      {chosen === undefined ? null : <FileView key={chosen.position} folder={digest} file={chosen} />}
    </div>
  );
}

function FileRow({ file, chosen, choose }: { file: ArtifactFile; chosen: boolean; choose: () => void }): ReactElement {
  const name = readableName(file.name);
  return (
    <tr>
      <td className="file-name">
        {file.readable ? (
          <button type="button" className="as-link" aria-pressed={chosen} onClick={choose}>
            {name}
          </button>
        ) : (
          <span className="quiet-text">{name} (a link, which is not followed)</span>
        )}
      </td>
      <td>{bytes(file.sizeBytes)}</td>
      <td>
        <code>{file.mediaType}</code>
      </td>
    </tr>
  );
}

function FileView({ folder, file }: { folder: string; file: ArtifactFile }): ReactElement {
  const content = contentOfFile(folder, file);
  return (
    <section className="file-view" aria-label={`Content of ${readableName(file.name)}`}>
      <h2>
        <span className="file-name">{readableName(file.name)}</span>
        <a className="button" href={contentAddress(content)} download={lastPart(file.name)}>
          <Icon name="download" /> Download
        </a>
      </h2>
      <Preview artifact={content} />
    </section>
  );
}
