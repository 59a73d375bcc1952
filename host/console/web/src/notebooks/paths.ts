// Paths of notebooks as addresses of pages.
// Never the address of a file on the node.

import { address } from "../app/address";

/** The page of a notebook. */
export const notebookAddress = (path: string): string => address("/notebooks/open", { path });

/** The page of a folder of notebooks. */
export const folderAddress = (path: string): string => address("/notebooks", { folder: path });
