// Starts the console in the page.
// Never holds a view of its own.

import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { queryClient } from "./api/queries";
import { App } from "./app/App";
import { followTheme } from "./app/theme";
import "./styles/base.css";
import "./styles/shell.css";
import "./styles/parts.css";
import "./styles/views.css";
import "./styles/artifacts.css";
import "./styles/pipelines.css";
import "./styles/compare.css";
import "./styles/notebooks.css";
import "./styles/overview.css";
import "./styles/login.css";

followTheme();
const element = document.getElementById("console");
if (element !== null) {
  createRoot(element).render(
    <StrictMode>
      <QueryClientProvider client={queryClient}>
        <App />
      </QueryClientProvider>
    </StrictMode>,
  );
}
