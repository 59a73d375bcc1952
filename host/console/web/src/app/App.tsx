// Which view answers which address. Views are loaded when they are first opened.
// Never a view of its own but the one for addresses that lead nowhere.

import { Component, lazy, Suspense, type ReactElement, type ReactNode } from "react";
import { Link, Route, Switch } from "wouter";
import { Empty, Loading, Page } from "../parts/Basics";
import { SignedIn } from "../login/SignIn";
import { Shell } from "./Shell";

const RunList = lazy(() => import("../runs/RunList"));
const RunPage = lazy(() => import("../runs/RunPage"));
const PipelineList = lazy(() => import("../pipelines/PipelineList"));
const PipelinePage = lazy(() => import("../pipelines/PipelinePage"));
const UploadPage = lazy(() => import("../pipelines/UploadPage"));
const Workbench = lazy(() => import("../pipelines/Workbench"));
const ScheduleList = lazy(() => import("../schedules/ScheduleList"));
const SchedulePage = lazy(() => import("../schedules/SchedulePage"));
const ArtifactList = lazy(() => import("../artifacts/ArtifactList"));
const ArtifactPage = lazy(() => import("../artifacts/ArtifactPage"));
const ComparePage = lazy(() => import("../compare/ComparePage"));
const JobComparePage = lazy(() => import("../compare/JobComparePage"));
const ComponentList = lazy(() => import("../components/ComponentList"));
const ComponentPage = lazy(() => import("../components/ComponentPage"));
const NotebookList = lazy(() => import("../notebooks/NotebookList"));
const NotebookPage = lazy(() => import("../notebooks/NotebookPage"));
const JobList = lazy(() => import("../jobs/JobList"));
const JobPage = lazy(() => import("../jobs/JobPage"));
const JobBench = lazy(() => import("../jobs/JobBench"));
const Overview = lazy(() => import("../overview/Overview"));
const ExperimentList = lazy(() => import("../experiments/ExperimentList"));

export function App(): ReactElement {
  return (
    <SignedIn>
      <Views />
    </SignedIn>
  );
}

function Views(): ReactElement {
  return (
    <Shell>
      <Guarded>
        <Suspense fallback={<Loading what="Loading" />}>
          <Switch>
            <Route path="/" component={Overview} />
            <Route path="/runs" component={RunList} />
            <Route path="/runs/:run" component={RunPage} />
            <Route path="/pipelines" component={PipelineList} />
            <Route path="/pipelines/run" component={Workbench} />
            <Route path="/pipelines/new" component={UploadPage} />
            <Route path="/pipelines/:pipeline" component={PipelinePage} />
            <Route path="/schedules" component={ScheduleList} />
            <Route path="/schedules/:schedule" component={SchedulePage} />
            <Route path="/artifacts" component={ArtifactList} />
            <Route path="/artifacts/:digest" component={ArtifactPage} />
            <Route path="/compare" component={ComparePage} />
            <Route path="/components" component={ComponentList} />
            <Route path="/components/:component" component={ComponentPage} />
            <Route path="/jobs" component={JobList} />
            <Route path="/jobs/new" component={JobBench} />
            <Route path="/jobs/compare" component={JobComparePage} />
            <Route path="/jobs/:job" component={JobPage} />
            <Route path="/notebooks" component={NotebookList} />
            <Route path="/notebooks/open" component={NotebookPage} />
            <Route path="/overview" component={Overview} />
            <Route path="/experiments" component={ExperimentList} />
            <Route>
              <Nowhere />
            </Route>
          </Switch>
        </Suspense>
      </Guarded>
    </Shell>
  );
}

function Nowhere(): ReactElement {
  return (
    <Page title="Nothing is here">
      <Empty title="This address leads nowhere">
        <Link href="/">Go to the overview</Link>
      </Empty>
    </Page>
  );
}

/** A view that fails by a defect leaves the others usable. React knows no other way to catch one than a class. */
class Guarded extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override render(): ReactNode {
    if (!this.state.failed) {
      return this.props.children;
    }
    return (
      <Page title="This view failed">
        <Empty title="This view failed by a defect of the console">
          <p>Nothing happened to your runs. A newer build of the node may have been started: reload the page.</p>
          <button type="button" onClick={() => globalThis.location.reload()}>
            Reload
          </button>
        </Empty>
      </Page>
    );
  }
}
