// The REST interface as types, printed from host/api/openapi.json by `cargo xtask codegen`.
// Never edited by hand, and never more than the document says.

export interface paths {
    "/api/v1/artifacts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists artifacts, newest first */
        get: operations["listArtifacts"];
        put?: never;
        /** Keeps the body as an artifact; its media type is the request's Content-Type */
        post: operations["uploadArtifact"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/artifacts/{digest}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows an artifact, who made it and who used it */
        get: operations["getArtifact"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/artifacts/{digest}/content": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Reads an artifact's bytes: all, or one range of them with status 206 */
        get: operations["getArtifactContent"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/artifacts/{digest}/files": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the files of an artifact that is a folder, without unpacking it */
        get: operations["listArtifactFiles"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/artifacts/{digest}/files/{position}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Reads one file of a folder by its position in the list: all, or one range of it with status 206 */
        get: operations["getArtifactFile"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calling-pipelines": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the pipelines whose runs call a component, by name */
        get: operations["listCallingPipelines"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/components": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the names and tags in the node's registry */
        get: operations["listComponents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/components/{component}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows what a component says of itself; a `/` in its reference is written `%2F` */
        get: operations["getComponent"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/experiments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists experiments, oldest first */
        get: operations["listExperiments"];
        put?: never;
        /** Makes an experiment */
        post: operations["createExperiment"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Says who asks, and until when their login holds */
        get: operations["getLogin"];
        put?: never;
        /** Takes a token for a login, which a browser keeps as a cookie */
        post: operations["signIn"];
        /** Ends the login that the request brings */
        delete: operations["signOut"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/node": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Says which version this is and where its registry listens */
        get: operations["getNode"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/node/load": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows what the node is at, and the hour before */
        get: operations["getNodeLoad"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/notebooks:run": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Runs a notebook from its first cell to its last, in a session of its own */
        post: operations["runNotebook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/pipelines": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists kept pipelines, oldest first */
        get: operations["listPipelines"];
        put?: never;
        /** Keeps a pipeline with its first version */
        post: operations["createPipeline"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/pipelines/{pipeline}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows a kept pipeline */
        get: operations["getPipeline"];
        put?: never;
        post?: never;
        /** Forgets a pipeline and its versions; runs stay, and go on */
        delete: operations["deletePipeline"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/pipelines/{pipeline}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists a pipeline's versions, oldest first */
        get: operations["listPipelineVersions"];
        put?: never;
        /** Adds a version to a pipeline */
        post: operations["createPipelineVersion"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/pipelines/{pipeline}/versions/{version}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows a version and what it runs */
        get: operations["getPipelineVersion"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/pipelines:check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Checks a document as a submission would, and starts nothing */
        post: operations["checkPipeline"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists runs, newest first */
        get: operations["listRuns"];
        put?: never;
        /** Starts a run; once this has answered, no crash loses it */
        post: operations["submitRun"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{run}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows a run and its steps */
        get: operations["getRun"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{run}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Asks a run to end; what succeeded stays */
        post: operations["cancelRun"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{run}/document": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Reads the document that a run came from */
        get: operations["getRunDocument"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{run}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Streams a run's history from its first entry on, its log, progress and metrics, until the run has ended; answers 204 where it has ended and nothing is behind the given position */
        get: operations["streamRunEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{run}/logs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Reads a run's log, oldest line first */
        get: operations["getRunLogs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{run}/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Reads the series that a run's steps reported, oldest point first */
        get: operations["getRunMetrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{run}/plan": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows what a run carries out: tasks and edges */
        get: operations["getRunPlan"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{run}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Tries the steps of an ended run again that did not succeed */
        post: operations["retryRun"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{run}/steps/{step}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows a step: what it was handed, each attempt, what it may reach; a `/` in its path is written `%2F` */
        get: operations["getRunStep"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/schedules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists schedules, oldest first */
        get: operations["listSchedules"];
        put?: never;
        /** Makes a schedule: a document that is run again and again */
        post: operations["createSchedule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/schedules/{schedule}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows a schedule and its next firings */
        get: operations["getSchedule"];
        put?: never;
        post?: never;
        /** Forgets a schedule; its runs stay, and go on */
        delete: operations["deleteSchedule"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/schedules/{schedule}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Stops a schedule from firing */
        post: operations["pauseSchedule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/schedules/{schedule}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Lets a paused schedule fire again */
        post: operations["resumeSchedule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the sessions of notebooks, at work or paused */
        get: operations["listSessions"];
        put?: never;
        /** Begins a session of a notebook */
        post: operations["createSession"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions/{session}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows a session */
        get: operations["getSession"];
        put?: never;
        post?: never;
        /** Ends a session, whatever it is doing */
        delete: operations["endSession"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions/{session}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Writes down what a session has defined, as far as that can be, and ends its guest */
        post: operations["pauseSession"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions/{session}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Puts a paused session to work again; one that is at work stays so */
        post: operations["resumeSession"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/train-jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists training jobs, newest first */
        get: operations["listTrainJobs"];
        put?: never;
        /** Starts a training job; durable once answered */
        post: operations["submitTrainJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/train-jobs/{job}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows a training job and its workers */
        get: operations["getTrainJob"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/train-jobs/{job}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Asks a job to end */
        post: operations["cancelTrainJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/train-jobs/{job}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Streams a job's history from its first entry on, its log and what its workers measure, until the job has ended; answers 204 where it has ended and nothing is behind the given position */
        get: operations["streamTrainJobEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/train-jobs/{job}/logs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Reads lines of a job's log; the steps of a job are `worker-0` and so on */
        get: operations["getTrainJobLogs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/train-jobs/{job}/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Reads the points of the series that a job's workers reported; a step made again is reported again */
        get: operations["getTrainJobMetrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/train-jobs/{job}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Lets a job go on that waits, was cancelled or failed, from its last checkpoint */
        post: operations["resumeTrainJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/train-jobs/{job}/stop": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Asks a job to wait: its state is written down and its workers end */
        post: operations["stopTrainJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/train-jobs:check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Checks a training job's document as a submission would, and starts nothing */
        post: operations["checkTrainJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Answers while the process lives */
        get: operations["getHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This document */
        get: operations["getOpenApi"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Answers while the ledger can be read */
        get: operations["getReadiness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description Why a request was refused. All that is wrong is said at once. */
        Problems: {
            /** @description At least one. */
            errors: components["schemas"]["Problem"][];
        };
        /** @description One thing that is wrong. */
        Problem: {
            /**
             * @description A stable code such as `SM0106`; `sandmill explain CODE` tells more. Text, so that a client reads
             *     codes of servers newer than itself.
             */
            code: string;
            /** @description What happened, where and why. */
            message: string;
            /** @description What to do next. */
            hint?: string | null;
            /**
             * @description Whether the same request may succeed later.
             * @default false
             */
            retryable: boolean;
        };
        /** @description What a document means on this node. */
        CheckedPipeline: {
            /** @description The pipeline's name. */
            pipeline: string;
            /** @description What it is about. */
            description?: string | null;
            /**
             * @description What a run of it can be given, sorted by name.
             * @default []
             */
            parameters: components["schemas"]["PipelineParameter"][];
            /** @description Its steps, sorted by name. */
            steps: components["schemas"]["CheckedStep"][];
            /**
             * @description Everything that it does, with what holds steps: outer tasks before those inside.
             * @default []
             */
            tasks: components["schemas"]["PlannedTask"][];
            /** @description What a compiled Kubeflow pipeline asks of another platform that changes nothing here, and why. */
            ignored?: string[];
        };
        /** @description A parameter of a pipeline. */
        PipelineParameter: {
            /** @description Its name. */
            name: string;
            /** @description `string`, `integer`, `number`, `boolean`, `list`, `object`, `artifact`, `data-set`, `model` or `metrics`. */
            type: string;
            /** @description For people. */
            description?: string | null;
            /** @description Taken when a run does not give it. */
            default?: unknown;
            /** @description Whether a run has to give it. */
            required: boolean;
            /** @description The only values that it takes, where the author listed them. */
            choices?: unknown[];
        };
        /** @description One step of a checked document. */
        CheckedStep: {
            /** @description The author's name for it. */
            name: string;
            /** @description The author's reference to the component. */
            component: string;
            /** @description Digest of the component's bytes. */
            digest: string;
            /** @description What is called; absent for a command. */
            function?: components["schemas"]["Function"] | null;
            /** @description Steps that must have succeeded before. */
            needs: string[];
            /** @description Whether an earlier result may stand in. */
            cache: boolean;
        };
        /** @description An exported function, its types written in WIT. */
        Function: {
            /** @description Its name. */
            name: string;
            /** @description Parameters in order. */
            parameters: components["schemas"]["TypedName"][];
            /** @description Outputs by name. */
            outputs: components["schemas"]["TypedName"][];
        };
        /** @description A name and a WIT type. */
        TypedName: {
            /** @description Kebab-case name. */
            name: string;
            /** @description Such as `list<string>` or `data-set`. */
            type: string;
        };
        /** @description One thing to do. A loop has one task here and a step per round in the run. */
        PlannedTask: {
            /** @description Its path in the plan: that of a step of the run, without the numbers of rounds. */
            name: string;
            /** @description `step`, `group`, `loop` or `condition`. */
            kind: string;
            /** @description The task that it is inside of. */
            parent?: string | null;
            /** @description Paths of the siblings that come before. */
            needs: string[];
            /** @description The author's reference to the component; absent for what only holds tasks. */
            component?: string | null;
            /** @description Digest of the component's bytes. */
            digest?: string | null;
            /** @description What is called; absent for a command. */
            function?: components["schemas"]["Function"] | null;
        };
        /** @description A document to check. */
        CheckRequest: {
            /** @description The Pipeline document, YAML or JSON, or a compiled Kubeflow pipeline. */
            document: string;
        };
        /** @description A pipeline that is kept. */
        Pipeline: {
            /** @description Its id. */
            id: string;
            /** @description Its name. */
            name: string;
            /** @description What it is about. */
            description?: string | null;
            /**
             * Format: uint64
             * @description When it was made, in milliseconds since 1970-01-01T00:00:00Z.
             */
            createdAtMillis: number;
            /**
             * Format: uint64
             * @description How many versions it has.
             */
            versionsTotal: number;
            /** @description Its newest version; none where all were deleted. */
            newest?: components["schemas"]["PipelineVersion"] | null;
        };
        /** @description A version of a pipeline. What it runs never changes. */
        PipelineVersion: {
            /** @description Its id. */
            id: string;
            /** @description Its name. */
            name: string;
            /** @description What changed. */
            description?: string | null;
            /**
             * Format: uint64
             * @description When it was made, in milliseconds since 1970-01-01T00:00:00Z.
             */
            createdAtMillis: number;
        };
        /** @description A pipeline to keep, with its first version. */
        CreatePipeline: {
            /** @description Its name, held once; without one, the document's own. */
            name?: string | null;
            /** @description What it is about. */
            description?: string | null;
            /** @description The Pipeline document, YAML or JSON, or a compiled Kubeflow pipeline. */
            document: string;
        };
        /** @description All kept pipelines, oldest first. */
        Pipelines: {
            /** @description The pipelines. */
            items: components["schemas"]["Pipeline"][];
        };
        /** @description A version to add to a pipeline. */
        CreatePipelineVersion: {
            /** @description Its name, held once among the pipeline's versions; without one, `v` and the next number. */
            name?: string | null;
            /** @description What changed. */
            description?: string | null;
            /** @description The Pipeline document, YAML or JSON, or a compiled Kubeflow pipeline. */
            document: string;
        };
        /** @description All versions of a pipeline, oldest first. */
        PipelineVersions: {
            /** @description The versions. */
            items: components["schemas"]["PipelineVersion"][];
        };
        /** @description A version and what it runs. */
        PipelineVersionDetail: {
            /** @description Its id. */
            id: string;
            /** @description Its name. */
            name: string;
            /** @description What changed. */
            description?: string | null;
            /**
             * Format: uint64
             * @description When it was made, in milliseconds since 1970-01-01T00:00:00Z.
             */
            createdAtMillis: number;
            /** @description The Pipeline document as it was sent, or a compiled Kubeflow pipeline as JSON. */
            document: string;
        };
        /** @description A run that was accepted. It is durable: no crash loses it. */
        Submitted: {
            /** @description Its id. */
            run: string;
        };
        /** @description A document to run. */
        SubmitRequest: {
            /** @description The Pipeline document, YAML or JSON, or a compiled Kubeflow pipeline. */
            document: string;
            /** @description What the document's parameters are set to. */
            parameters?: {
                [key: string]: components["schemas"]["Value"];
            };
            /** @description A title for the run. */
            name?: string | null;
            /** @description Name of the experiment that it goes to; made where there is none. */
            experiment?: string | null;
        };
        /**
         * @description What flows along an edge: `{"plain": …}` or `{"artifact": {…}}`, so that no plain object can pass
         *     for an artifact; or `{"list": […]}`, where there are artifacts in the list.
         */
        Value: {
            plain: unknown;
        } | {
            artifact: components["schemas"]["ArtifactRef"];
        } | {
            list: components["schemas"]["Value"][];
        };
        /** @description Content-addressed bytes. */
        ArtifactRef: {
            /** @description Digest of the content, `sha256:` and 64 hexadecimal digits. */
            digest: string;
            /** @description What it is. */
            kind: components["schemas"]["ArtifactKind"];
            /** @description For example `text/csv`. */
            mediaType: string;
            /**
             * Format: uint64
             * @description Length of the content in bytes.
             */
            sizeBytes: number;
            /** @description Names and values that the producer attached. */
            metadata?: {
                [key: string]: string;
            };
        };
        /** @description What an artifact is. */
        ArtifactKind: "artifact" | "data-set" | "model" | "metrics";
        /** @description A page of runs, newest first. */
        RunPage: {
            /** @description The runs. */
            items: components["schemas"]["Run"][];
            /** @description Ask with `page` set to this for the page behind; absent on the last. */
            next?: string | null;
        };
        /** @description A run, without its steps. */
        Run: {
            /** @description Its id: a UUID that sorts by the time of submission. */
            id: string;
            /** @description The title that it was given. */
            name?: string | null;
            /** @description The pipeline's name. */
            pipeline: string;
            /** @description Id of the experiment that it belongs to. */
            experiment?: string | null;
            /** @description Id of the schedule that it is a firing of. */
            schedule?: string | null;
            /** @description Parameters, defaults filled in. */
            parameters: {
                [key: string]: components["schemas"]["Value"];
            };
            /** @description `running`, `cancelling`, `succeeded`, `failed` or `cancelled`. */
            status: string;
            /**
             * Format: uint64
             * @description When it was accepted, in milliseconds since 1970-01-01T00:00:00Z.
             */
            submittedAtMillis: number;
            /**
             * Format: uint64
             * @description When it ended.
             */
            finishedAtMillis?: number | null;
            /**
             * Format: uint64
             * @description Number of steps.
             */
            stepsTotal: number;
            /**
             * Format: uint64
             * @description Steps that have ended.
             */
            stepsFinished: number;
            /** @description What ended the run, where it was not its steps. */
            failure?: components["schemas"]["Problem"] | null;
        };
        /** @description A run and its steps. */
        RunDetail: {
            /** @description Its id: a UUID that sorts by the time of submission. */
            id: string;
            /** @description The title that it was given. */
            name?: string | null;
            /** @description The pipeline's name. */
            pipeline: string;
            /** @description Id of the experiment that it belongs to. */
            experiment?: string | null;
            /** @description Id of the schedule that it is a firing of. */
            schedule?: string | null;
            /** @description Parameters, defaults filled in. */
            parameters: {
                [key: string]: components["schemas"]["Value"];
            };
            /** @description `running`, `cancelling`, `succeeded`, `failed` or `cancelled`. */
            status: string;
            /**
             * Format: uint64
             * @description When it was accepted, in milliseconds since 1970-01-01T00:00:00Z.
             */
            submittedAtMillis: number;
            /**
             * Format: uint64
             * @description When it ended.
             */
            finishedAtMillis?: number | null;
            /**
             * Format: uint64
             * @description Number of steps.
             */
            stepsTotal: number;
            /**
             * Format: uint64
             * @description Steps that have ended.
             */
            stepsFinished: number;
            /** @description What ended the run, where it was not its steps. */
            failure?: components["schemas"]["Problem"] | null;
            /** @description Its steps, sorted by name. */
            steps: components["schemas"]["Step"][];
            /** @description The last of these steps, where there are more behind it: ask with `after` for those. */
            next?: string | null;
            /**
             * @description How far history and log had come before this was read: a stream of events with `after` set to this tells
             *     everything that these steps do not show yet.
             * @default
             */
            position: string;
        };
        /** @description A step of a run. */
        Step: {
            /** @description Its path: the author's name for it, behind those of what it is inside of, with `/` between. */
            name: string;
            /** @description `step`, or what holds steps: `group`, `loop`, `iteration`, `condition`. */
            kind: string;
            /** @description What it is inside of; none in the outermost graph. */
            parent?: string | null;
            /** @description `waiting`, `running`, `backoff`, `succeeded`, `failed`, `skipped` or `cancelled`. */
            status: string;
            /**
             * Format: uint32
             * @description Attempts begun so far.
             */
            attempts: number;
            /** @description Whether an earlier result stood in. */
            reused: boolean;
            /** @description The component's reference with its digest; empty for what only holds steps. */
            component: string;
            /** @description Whose signature of the component counted at submission; absent where the node's policy names no keys. */
            signer?: components["schemas"]["Signer"] | null;
            /**
             * Format: uint64
             * @description When its first attempt began, or an earlier result was taken.
             */
            startedAtMillis?: number | null;
            /**
             * Format: uint64
             * @description When it ended.
             */
            finishedAtMillis?: number | null;
            /** @description Outputs by name, once there are any. */
            outputs?: {
                [key: string]: components["schemas"]["Value"];
            } | null;
            /** @description Why its last attempt failed. */
            failure?: components["schemas"]["Problem"] | null;
            /** @description What its last attempt used. */
            usage?: components["schemas"]["Usage"] | null;
        };
        /** @description Who vouched for a component. */
        Signer: {
            /** @description What the node's policy calls the key. */
            name: string;
            /** @description The key's fingerprint: SHA-256 of the public key in DER. */
            key: string;
        };
        /** @description What an attempt used. */
        Usage: {
            /**
             * Format: uint64
             * @description From start to end of the guest call, in microseconds.
             */
            wallMicros: number;
            /**
             * Format: uint64
             * @description Time spent computing, in milliseconds, counted in steps of 10.
             */
            cpuMillis: number;
            /**
             * Format: uint64
             * @description Most linear memory held at once.
             */
            memoryBytesPeak: number;
            /**
             * Format: uint64
             * @description Artifacts and files written.
             */
            outputBytes: number;
            /**
             * Format: uint64
             * @description Log text kept.
             */
            logBytes: number;
            /**
             * Format: uint64
             * @description Log messages dropped past the limit.
             */
            logMessagesDropped: number;
        };
        /** @description What a run carries out. */
        RunPlan: {
            /** @description The pipeline's name. */
            pipeline: string;
            /** @description Its tasks, outer ones before those inside. */
            tasks: components["schemas"]["PlannedTask"][];
            /**
             * Format: uint64
             * @description How long the whole run may take.
             */
            deadlineMillis?: number | null;
        };
        /** @description The document that a run came from, as it was sent. */
        RunDocument: {
            /** @description The Pipeline document, or a compiled Kubeflow pipeline. */
            document: string;
        };
        /** @description A step, what it was handed, each attempt at it, and what it may reach and use up. */
        StepDetail: {
            /** @description Its path: the author's name for it, behind those of what it is inside of, with `/` between. */
            name: string;
            /** @description `step`, or what holds steps: `group`, `loop`, `iteration`, `condition`. */
            kind: string;
            /** @description What it is inside of; none in the outermost graph. */
            parent?: string | null;
            /** @description `waiting`, `running`, `backoff`, `succeeded`, `failed`, `skipped` or `cancelled`. */
            status: string;
            /**
             * Format: uint32
             * @description Attempts begun so far.
             */
            attempts: number;
            /** @description Whether an earlier result stood in. */
            reused: boolean;
            /** @description The component's reference with its digest; empty for what only holds steps. */
            component: string;
            /** @description Whose signature of the component counted at submission; absent where the node's policy names no keys. */
            signer?: components["schemas"]["Signer"] | null;
            /**
             * Format: uint64
             * @description When its first attempt began, or an earlier result was taken.
             */
            startedAtMillis?: number | null;
            /**
             * Format: uint64
             * @description When it ended.
             */
            finishedAtMillis?: number | null;
            /** @description Outputs by name, once there are any. */
            outputs?: {
                [key: string]: components["schemas"]["Value"];
            } | null;
            /** @description Why its last attempt failed. */
            failure?: components["schemas"]["Problem"] | null;
            /** @description What its last attempt used. */
            usage?: components["schemas"]["Usage"] | null;
            /** @description What it is handed, by parameter; absent while a step before it has not given it yet. */
            inputs?: {
                [key: string]: components["schemas"]["Value"];
            } | null;
            /** @description Attempts, oldest first. */
            attemptList: components["schemas"]["Attempt"][];
            /** @description How the component is called; absent for what only holds steps. */
            call?: components["schemas"]["StepCall"] | null;
        };
        /** @description One attempt at a step, or an earlier result that stood in for one. */
        Attempt: {
            /**
             * Format: uint32
             * @description Counted from 1; 0 for an earlier result.
             */
            number: number;
            /** @description `running`, `succeeded`, `failed`, `interrupted` or `reused`. */
            status: string;
            /**
             * Format: uint64
             * @description When it began, in milliseconds since 1970-01-01T00:00:00Z.
             */
            startedAtMillis: number;
            /**
             * Format: uint64
             * @description When it ended.
             */
            finishedAtMillis?: number | null;
            /** @description Why it failed. */
            failure?: components["schemas"]["Problem"] | null;
            /** @description What it used. */
            usage?: components["schemas"]["Usage"] | null;
            /** @description The run whose result stood in. */
            source?: string | null;
        };
        /** @description How a component is called: what, with which grants, within which limits. */
        StepCall: {
            /** @description The author's reference. */
            component: string;
            /** @description Digest of the component's bytes. */
            digest: string;
            /** @description Digest of the manifest that the reference meant at submission. */
            manifest: string;
            /** @description What is called; absent for a command. */
            function?: components["schemas"]["Function"] | null;
            /** @description Interfaces that the component imports, read from its bytes. */
            imports: string[];
            /** @description What it was granted beyond its inputs, as the document writes it; an empty object is nothing. */
            grants: {
                [key: string]: unknown;
            };
            /** @description What one attempt may use up. */
            limits: components["schemas"]["AttemptLimits"];
            /**
             * Format: uint32
             * @description Attempts that the author allows.
             */
            attemptsMax: number;
            /** @description Whether an earlier result may stand in. */
            cache: boolean;
        };
        /** @description What one attempt may use up. Reaching one of these is a failure that names it. */
        AttemptLimits: {
            /**
             * Format: uint64
             * @description Linear memory.
             */
            memoryBytesMax: number;
            /**
             * Format: uint64
             * @description From start to end, waiting included.
             */
            wallMillisMax: number;
            /**
             * Format: uint64
             * @description Time spent computing.
             */
            cpuMillisMax: number;
            /**
             * Format: uint64
             * @description Artifacts and files that are written.
             */
            outputBytesMax: number;
            /**
             * Format: uint64
             * @description Log text that is kept.
             */
            logBytesMax: number;
        };
        /** @description Points, oldest first. */
        MetricPoints: {
            /** @description The points. */
            items: components["schemas"]["MetricPoint"][];
            /**
             * Format: uint64
             * @description Ask again with `after` set to this for what is behind; absent at the end.
             */
            next?: number | null;
        };
        /** @description A point of a series. */
        MetricPoint: {
            /**
             * Format: uint64
             * @description Position among the run's points, counted from 1.
             */
            sequence: number;
            /**
             * Format: uint64
             * @description When it was reported, in milliseconds since 1970-01-01T00:00:00Z.
             */
            atMillis: number;
            /** @description The step. */
            step: string;
            /** @description The series. */
            name: string;
            /**
             * Format: uint64
             * @description Position on the series' axis.
             */
            index: number;
            /**
             * Format: double
             * @description The value; absent for NaN and infinities, which JSON cannot hold.
             */
            value?: number | null;
        };
        /** @description One message of the stream. The name of the server-sent event is the `type`. */
        StreamEvent: components["schemas"]["HistoryEvent"] | components["schemas"]["LogLine"] | components["schemas"]["Progress"] | components["schemas"]["Metric"] | components["schemas"]["JobEvent"] | components["schemas"]["Points"];
        /** @description An entry of a run's history. */
        HistoryEvent: {
            /**
             * Format: uint64
             * @description Its position in the ledger.
             */
            sequence: number;
            /**
             * Format: uint64
             * @description When it happened, in milliseconds since 1970-01-01T00:00:00Z.
             */
            atMillis: number;
        } & ({
            /** @constant */
            change: "submitted";
            /** @description The pipeline's name. */
            pipeline: string;
            /** @description Its steps. */
            steps: string[];
        } | {
            /** @constant */
            change: "attempt-started";
            /** @description Of this step. */
            step: string;
            /**
             * Format: uint32
             * @description Counted from 1.
             */
            attempt: number;
        } | {
            /** @constant */
            change: "step-succeeded";
            /** @description The step. */
            step: string;
            /**
             * Format: uint32
             * @description Which attempt.
             */
            attempt: number;
            /** @description Its outputs by name. */
            outputs: {
                [key: string]: components["schemas"]["Value"];
            };
            /** @description What the attempt used. */
            usage: components["schemas"]["Usage"];
        } | {
            /** @constant */
            change: "step-reused";
            /** @description The step. */
            step: string;
            /** @description Its outputs by name. */
            outputs: {
                [key: string]: components["schemas"]["Value"];
            };
            /** @description The run that made them. */
            source: string;
        } | {
            /** @constant */
            change: "attempt-failed";
            /** @description Of this step. */
            step: string;
            /**
             * Format: uint32
             * @description Which attempt.
             */
            attempt: number;
            /** @description Why. */
            failure: components["schemas"]["Problem"];
            /** @description What the attempt used. */
            usage: components["schemas"]["Usage"];
        } | {
            /** @constant */
            change: "attempt-interrupted";
            /** @description Of this step. */
            step: string;
            /**
             * Format: uint32
             * @description Which attempt.
             */
            attempt: number;
        } | {
            /** @constant */
            change: "retry-due";
            /** @description Of this step. */
            step: string;
        } | {
            /** @constant */
            change: "cancel-requested";
        } | {
            /** @constant */
            change: "deadline-reached";
        } | {
            /** @constant */
            change: "retry-requested";
        } | {
            /** @constant */
            change: "finished";
            /** @description `succeeded`, `failed` or `cancelled`. */
            status: string;
        });
        /** @description A line of a step's log. */
        LogLine: {
            /**
             * Format: uint64
             * @description Position within the run, counted from 1.
             */
            sequence: number;
            /**
             * Format: uint64
             * @description When it was written, in milliseconds since 1970-01-01T00:00:00Z.
             */
            atMillis: number;
            /** @description The step that wrote it. */
            step: string;
            /**
             * Format: uint32
             * @description In which attempt.
             */
            attempt: number;
            /** @description `stdout`, `stderr`, or the level: trace, debug, info, warn, error. */
            stream: string;
            /** @description The text, without a line end. */
            text: string;
        };
        /** @description How far a step has come. */
        Progress: {
            /** @description The step. */
            step: string;
            /**
             * Format: uint64
             * @description In the unit that the message names.
             */
            done: number;
            /**
             * Format: uint64
             * @description All there is, while known.
             */
            total?: number | null;
            /** @description For people. */
            message: string;
        };
        /** @description A point of a series. */
        Metric: {
            /**
             * Format: uint64
             * @description Its position in the ledger.
             */
            sequence: number;
            /**
             * Format: uint64
             * @description When it was reported, in milliseconds since 1970-01-01T00:00:00Z.
             */
            atMillis: number;
            /** @description The step. */
            step: string;
            /** @description The series. */
            name: string;
            /**
             * Format: uint64
             * @description Position on the series' axis.
             */
            index: number;
            /**
             * Format: double
             * @description The value; absent for NaN and infinities, which JSON cannot hold.
             */
            value?: number | null;
        };
        /** @description A state that was written down. */
        TrainCheckpoint: {
            /**
             * Format: uint64
             * @description After this step.
             */
            step: number;
            /** @description Digest of what was written. */
            digest: string;
            /**
             * Format: uint64
             * @description Its length.
             */
            sizeBytes: number;
        };
        /** @description An entry of a job's history. */
        JobEvent: {
            /**
             * Format: uint64
             * @description Its position in the ledger.
             */
            sequence: number;
            /**
             * Format: uint64
             * @description When it happened, in milliseconds since 1970-01-01T00:00:00Z.
             */
            atMillis: number;
        } & ({
            /** @constant */
            change: "submitted";
            /** @description The document's name for it. */
            name: string;
            /**
             * Format: uint32
             * @description Workers that it asks for.
             */
            workers: number;
            /** @description Whether it waits to be resumed. */
            suspended: boolean;
        } | {
            /** @constant */
            change: "fetched";
            /** @description From here. */
            uri: string;
            /** @description And kept as this. */
            artifact: components["schemas"]["ArtifactRef"];
        } | {
            /** @constant */
            change: "group-began";
            /**
             * Format: uint64
             * @description Counts the groups of the job, from 1.
             */
            generation: number;
            /**
             * Format: uint32
             * @description Workers in it.
             */
            size: number;
            /**
             * Format: uint32
             * @description How often the job was started again because a worker was lost.
             */
            restarts: number;
            /**
             * Format: uint64
             * @description The step that it goes on from; 0 for a start from nothing.
             */
            fromStep: number;
        } | {
            /** @constant */
            change: "checkpoint-written";
            /** @description What was written. */
            checkpoint: components["schemas"]["TrainCheckpoint"];
        } | {
            /** @constant */
            change: "checkpoint-refused";
            /** @description Which. */
            digest: string;
            /** @description Why. */
            failure: components["schemas"]["Problem"];
        } | {
            /** @constant */
            change: "evaluated";
            /**
             * Format: uint64
             * @description After this step.
             */
            step: number;
            /** @description Names and values; none stands for what is no number. */
            metrics: {
                [key: string]: number | null;
            };
        } | {
            /** @constant */
            change: "worker-lost";
            /**
             * Format: uint32
             * @description Which, counted from 0.
             */
            rank: number;
            /**
             * Format: uint64
             * @description After this step.
             */
            step: number;
            /** @description Why. */
            failure: components["schemas"]["Problem"];
        } | {
            /** @constant */
            change: "interrupted";
        } | {
            /** @constant */
            change: "suspend-requested";
        } | {
            /** @constant */
            change: "suspended";
        } | {
            /** @constant */
            change: "resume-requested";
        } | {
            /** @constant */
            change: "ending";
            /**
             * Format: uint64
             * @description After this step.
             */
            step: number;
            /** @description Why: as `reason` of the job. */
            reason: string;
        } | {
            /** @constant */
            change: "finished";
            /** @description `succeeded`, `failed` or `cancelled`. */
            status: string;
            /**
             * Format: uint64
             * @description After this step.
             */
            step: number;
            /** @description Why, where it did not succeed. */
            failure?: components["schemas"]["Problem"] | null;
            /** @description What it made. */
            model?: components["schemas"]["ArtifactRef"] | null;
        });
        /** @description What one worker measured in one step, or an evaluation of a job. */
        Points: {
            /**
             * Format: uint64
             * @description Position in the ledger.
             */
            sequence: number;
            /**
             * Format: uint64
             * @description When it was reported, in milliseconds since 1970-01-01T00:00:00Z.
             */
            atMillis: number;
            /** @description `worker-0` and so on, or `evaluation`. */
            step: string;
            /**
             * Format: uint64
             * @description The job's step, which is the position on the axes of the series.
             */
            index: number;
            /** @description Series by name; none stands for NaN and infinities, which JSON cannot hold. */
            values: {
                [key: string]: number | null;
            };
        };
        /** @description Lines of a run's log, oldest first. */
        LogLines: {
            /** @description The lines. Ask again with `after` set to the last one's `sequence` for what comes behind. */
            items: components["schemas"]["LogLine"][];
            /**
             * Format: uint64
             * @description Ask again with `after` set to this for what was not looked at yet; absent at the end.
             */
            next?: number | null;
        };
        /** @description An experiment. */
        Experiment: {
            /** @description Its id. */
            id: string;
            /** @description Its name. */
            name: string;
            /** @description What it is about. */
            description?: string | null;
            /** @description Whether it was put aside. */
            archived: boolean;
            /**
             * Format: uint64
             * @description When it was made, in milliseconds since 1970-01-01T00:00:00Z.
             */
            createdAtMillis: number;
            /**
             * Format: uint64
             * @description When its newest run was submitted.
             */
            lastRunAtMillis?: number | null;
        };
        /** @description An experiment to make. */
        CreateExperiment: {
            /** @description Its name, held once. */
            name: string;
            /** @description What it is about. */
            description?: string | null;
        };
        /** @description All experiments, oldest first. */
        Experiments: {
            /** @description The experiments. */
            items: components["schemas"]["Experiment"][];
        };
        /** @description A session: a kernel that lives on. */
        Session: {
            /** @description Its id, by which Jupyter's interface knows its kernel too. */
            id: string;
            /** @description What it was called. */
            name?: string | null;
            /** @description Whose it is; `local` where the node does not tell users apart. */
            user: string;
            /** @description The reference of the component that is its kernel. */
            kernel: string;
            /** @description `starting`, `idle`, `busy`, `paused` or `dead`. */
            state: string;
            /** @description What its code may ask of the platform: `none`, `own`, `read` or `submit`. */
            platform: string;
            /**
             * Format: uint64
             * @description How many are connected.
             */
            connections: number;
            /**
             * Format: uint64
             * @description When it began, in milliseconds since 1970-01-01T00:00:00Z.
             */
            beganAtMillis: number;
            /**
             * Format: uint64
             * @description When it was last used.
             */
            usedAtMillis: number;
            /** @description What is kept of it, while it is paused. */
            paused?: components["schemas"]["PausedState"] | null;
            /** @description What it waits for, where that takes a while, while it is starting. */
            waitsFor?: string | null;
            /** @description What its kernel died of, while it is dead; restarting its kernel tries it again. */
            diedOf?: string | null;
        };
        /** @description What is kept of a session that is paused. */
        PausedState: {
            /**
             * Format: uint64
             * @description The length of what its kernel wrote down.
             */
            sizeBytes: number;
            /** @description What was defined and could not be written down; it is gone when the session is resumed. */
            lost: components["schemas"]["LostVariable"][];
        };
        /** @description A variable that does not survive a pause. */
        LostVariable: {
            /** @description Its name. */
            name: string;
            /** @description Its type. */
            kind: string;
            /** @description Why. */
            reason: string;
        };
        /** @description A session to begin. */
        CreateSession: {
            /** @description What it is called. */
            name?: string | null;
            /** @description The reference of a component that is a kernel; the node's own Python where none is named. */
            kernel?: string | null;
            /**
             * @description What its code may ask of the platform: `none`, `own`, `read` or `submit`; all that the node lets sessions have where
             *     nothing is said.
             */
            platform?: string | null;
            /** @description Environment variables of its code. */
            environment?: {
                [key: string]: string;
            };
            /**
             * Format: uint64
             * @description The memory that its guest may hold; the node's default where nothing is said.
             */
            memoryBytes?: number | null;
            /**
             * @description Whether its code must be lent a device for tensors, or must not; where nothing is said, it is if the node lends
             *     sessions one.
             */
            device?: boolean | null;
            /** @description Whether it is paused as soon as it has begun. */
            paused?: boolean;
        };
        /** @description All sessions of a node. */
        Sessions: {
            /** @description By id. */
            items: components["schemas"]["Session"][];
        };
        /** @description A notebook that was run. */
        RanNotebook: {
            /** @description The notebook with what its cells gave; cells behind one that broke off have not been run. */
            notebook: unknown;
            /**
             * Format: uint32
             * @description Cells that were run.
             */
            cellsRun: number;
            /** @description Which cell broke off, if one did. */
            error?: components["schemas"]["CellError"] | null;
        };
        /** @description A cell that broke off. */
        CellError: {
            /**
             * Format: uint32
             * @description Its place among all cells, counted from 1.
             */
            cell: number;
            /** @description The error's kind. */
            name: string;
            /** @description What it says. */
            message: string;
            /** @description Lines for people. */
            traceback: string[];
        };
        /** @description A notebook to run from its first cell to its last. */
        RunNotebook: {
            /** @description The notebook, in Jupyter's form (nbformat 4). */
            notebook: unknown;
            /** @description Set in a cell behind the one that is tagged `parameters`, or else before all others. */
            parameters?: {
                [key: string]: unknown;
            };
            /** @description The reference of a component that is a kernel; the node's own Python where none is named. */
            kernel?: string | null;
            /**
             * @description What its code may ask of the platform: `none`, `own`, `read` or `submit`; all that the node lets sessions have where
             *     nothing is said.
             */
            platform?: string | null;
            /** @description Environment variables of its code. */
            environment?: {
                [key: string]: string;
            };
            /**
             * Format: uint64
             * @description The memory that its guest may hold; the node's default where nothing is said.
             */
            memoryBytes?: number | null;
        };
        /** @description A schedule. */
        Schedule: {
            /** @description Its id. */
            id: string;
            /** @description Its name. */
            name: string;
            /** @description Id of the experiment that its runs go to. */
            experiment?: string | null;
            /** @description When it fires. */
            timing: components["schemas"]["Timing"];
            /**
             * Format: uint64
             * @description When it was made, in milliseconds since 1970-01-01T00:00:00Z.
             */
            createdAtMillis: number;
            /** @description The next times that it fires, should nothing hold it up. */
            nextAtMillis: number[];
            /** @description Why its last firing made no run, where one did not. */
            problems?: components["schemas"]["Problem"][];
        };
        /** @description When a schedule fires. */
        Timing: {
            /** @description Six fields in UTC, the seconds first; or `@hourly`, `@daily`, `@weekly`, `@monthly`, `@yearly`, `@every 90s`. */
            cron?: string | null;
            /**
             * Format: uint64
             * @description Or: seconds between two firings.
             */
            everySeconds?: number | null;
            /**
             * Format: uint64
             * @description Not before this, in milliseconds since 1970-01-01T00:00:00Z.
             */
            startsAtMillis?: number | null;
            /**
             * Format: uint64
             * @description Not after this.
             */
            endsAtMillis?: number | null;
            /**
             * @description Whether missed firings are made up for one by one; else only the latest of them is.
             * @default false
             */
            catchUp: boolean;
            /**
             * Format: uint32
             * @description Runs at work at once, from 1 to 10 (1).
             */
            runsAtOnceMax?: number | null;
            /**
             * @description Whether it begins paused.
             * @default false
             */
            paused: boolean;
        };
        /** @description A schedule to make. */
        CreateSchedule: {
            /** @description Its name; need not be unique. */
            name: string;
            /** @description The Pipeline document, YAML or JSON. */
            document: string;
            /**
             * @description What the document's parameters are set to. Texts may use `[[ScheduledTime]]`, `[[CurrentTime]]`,
             *     `[[Index]]` and `[[RunUUID]]`.
             */
            parameters?: {
                [key: string]: components["schemas"]["Value"];
            };
            /** @description Name of the experiment that its runs go to; made where there is none. */
            experiment?: string | null;
            /** @description When it fires. */
            timing: components["schemas"]["Timing"];
        };
        /** @description All schedules, oldest first. */
        Schedules: {
            /** @description The schedules. */
            items: components["schemas"]["Schedule"][];
        };
        /** @description What a document means, as a submission would take it. */
        CheckedTrainJob: {
            /** @description The document's name for it. */
            name: string;
            /** @description The component's reference with its digest. */
            component: string;
            /**
             * Format: uint32
             * @description Workers that it asks for.
             */
            workers: number;
            /**
             * Format: uint64
             * @description Steps that it makes at most.
             */
            stepsMax?: number | null;
            /** @description Data sets that whoever submits it has yet to give. */
            openDataSets: string[];
            /** @description Models that whoever submits it has yet to give. */
            openModels: string[];
            /** @description What it asks of another platform that changes nothing here, and why. */
            ignored?: string[];
        };
        /** @description A document to train by. */
        SubmitTrainJob: {
            /**
             * @description The TrainJob document, YAML or JSON; or a manifest of Kubeflow's Trainer or Training Operator that names a
             *     component.
             */
            document: string;
            /** @description Data sets that the document leaves open, or others in their place. */
            dataSets?: {
                [key: string]: components["schemas"]["ArtifactRef"];
            };
            /** @description Models that the document leaves open, or others in their place. */
            models?: {
                [key: string]: components["schemas"]["ArtifactRef"];
            };
            /** @description A title for the job. */
            name?: string | null;
        };
        /** @description A job that was accepted. It is durable: no crash loses it. */
        SubmittedTrainJob: {
            /** @description Its id. */
            job: string;
        };
        /** @description A page of jobs, newest first. */
        TrainJobPage: {
            /** @description The jobs. */
            items: components["schemas"]["TrainJob"][];
            /** @description Ask with `page` set to this for the page behind; absent on the last. */
            next?: string | null;
        };
        /** @description A training job. */
        TrainJob: {
            /** @description Its id: a UUID that sorts by the time of submission. */
            id: string;
            /** @description The title that it was given. */
            title?: string | null;
            /** @description The document's name for it. */
            name: string;
            /** @description `running`, `suspending`, `suspended`, `succeeded`, `failed` or `cancelled`. */
            status: string;
            /**
             * Format: uint64
             * @description Workers that the document asks for.
             */
            workers: number;
            /**
             * Format: uint64
             * @description When it was accepted, in milliseconds since 1970-01-01T00:00:00Z.
             */
            submittedAtMillis: number;
            /**
             * Format: uint64
             * @description When it ended.
             */
            finishedAtMillis?: number | null;
            /** @description Why it failed. */
            failure?: components["schemas"]["Problem"] | null;
            /** @description What its first worker measured last; absent before the first step's end. */
            newest?: components["schemas"]["NewestPoints"] | null;
        };
        /** @description What was measured last. */
        NewestPoints: {
            /**
             * Format: uint64
             * @description In this step.
             */
            step: number;
            /** @description Metrics by name; none stands for what is no number. */
            metrics: {
                [key: string]: number | null;
            };
        };
        /** @description A training job with all that is kept of it. */
        TrainJobDetail: {
            /** @description Its id: a UUID that sorts by the time of submission. */
            id: string;
            /** @description The title that it was given. */
            title?: string | null;
            /** @description The document's name for it. */
            name: string;
            /** @description `running`, `suspending`, `suspended`, `succeeded`, `failed` or `cancelled`. */
            status: string;
            /**
             * Format: uint64
             * @description Workers that the document asks for.
             */
            workers: number;
            /**
             * Format: uint64
             * @description When it was accepted, in milliseconds since 1970-01-01T00:00:00Z.
             */
            submittedAtMillis: number;
            /**
             * Format: uint64
             * @description When it ended.
             */
            finishedAtMillis?: number | null;
            /** @description Why it failed. */
            failure?: components["schemas"]["Problem"] | null;
            /** @description What its first worker measured last; absent before the first step's end. */
            newest?: components["schemas"]["NewestPoints"] | null;
            /** @description The component's reference with its digest. */
            component: string;
            /** @description Hyper-parameters. */
            settings: {
                [key: string]: unknown;
            };
            /**
             * Format: uint64
             * @description Where all random numbers come from.
             */
            seed: number;
            /**
             * Format: uint64
             * @description Steps that the job makes at most.
             */
            stepsMax?: number | null;
            /**
             * Format: uint64
             * @description Steps made, as far as that is kept: those of the last checkpoint, evaluation or end.
             */
            step: number;
            /**
             * Format: uint64
             * @description Groups of workers that it has had.
             */
            generation: number;
            /**
             * Format: uint32
             * @description Workers in the present group.
             */
            size: number;
            /**
             * Format: uint32
             * @description How often it was started again because a worker was lost.
             */
            restarts: number;
            /** @description How each worker is. */
            workerStates: components["schemas"]["Step"][];
            /** @description Checkpoints that it can go on from, the newest last. */
            checkpoints: components["schemas"]["TrainCheckpoint"][];
            /** @description What was measured last on what it is not trained with. */
            evaluation: {
                [key: string]: number | null;
            };
            /** @description Why training is at its end: `done`, `steps-max`, `no-better`, `target-reached` or `not-a-number`. */
            reason?: string | null;
            /** @description What it made. */
            model?: components["schemas"]["ArtifactRef"] | null;
            /** @description Data sets that it learns from, by name; those that are still being fetched are not among them. */
            dataSets: {
                [key: string]: components["schemas"]["ArtifactRef"];
            };
            /** @description Models that it begins from, by name. */
            models: {
                [key: string]: components["schemas"]["ArtifactRef"];
            };
            /** @description All that it was planned with: limits, grants, policies. */
            plan: unknown;
            /** @description Where the stream of its events goes on from what is said here. */
            position: string;
        };
        /** @description A page of artifacts, newest first. */
        ArtifactPage: {
            /** @description The artifacts. */
            items: components["schemas"]["Artifact"][];
            /** @description Ask with `page` set to this for the page behind; absent on the last. */
            next?: string | null;
        };
        /** @description An artifact and who made it first. */
        Artifact: {
            /** @description Digest of the content, `sha256:` and 64 hexadecimal digits. */
            digest: string;
            /** @description What it is. */
            kind: components["schemas"]["ArtifactKind"];
            /** @description For example `text/csv`. */
            mediaType: string;
            /**
             * Format: uint64
             * @description Length of the content in bytes.
             */
            sizeBytes: number;
            /** @description Names and values that the producer attached. */
            metadata?: {
                [key: string]: string;
            };
            /** @description The run that made it; absent for one that was uploaded. */
            run?: string | null;
            /** @description The step that made it. */
            step?: string | null;
            /** @description As which output. */
            output?: string | null;
            /**
             * Format: uint64
             * @description When, in milliseconds since 1970-01-01T00:00:00Z.
             */
            madeAtMillis: number;
        };
        /** @description An artifact, who made it and who used it. */
        ArtifactDetail: {
            /** @description Digest of the content, `sha256:` and 64 hexadecimal digits. */
            digest: string;
            /** @description What it is. */
            kind: components["schemas"]["ArtifactKind"];
            /** @description For example `text/csv`. */
            mediaType: string;
            /**
             * Format: uint64
             * @description Length of the content in bytes.
             */
            sizeBytes: number;
            /** @description Names and values that the producer attached. */
            metadata?: {
                [key: string]: string;
            };
            /** @description The run that made it; absent for one that was uploaded. */
            run?: string | null;
            /** @description The step that made it. */
            step?: string | null;
            /** @description As which output. */
            output?: string | null;
            /**
             * Format: uint64
             * @description When, in milliseconds since 1970-01-01T00:00:00Z.
             */
            madeAtMillis: number;
            /** @description The component of the step that made it, reference with digest; absent for an upload. */
            component?: string | null;
            /** @description Whose signature of that component counted; absent where the node's policy names no keys. */
            signer?: components["schemas"]["Signer"] | null;
            /** @description Steps that used it, newest first, at most 1000. */
            uses: components["schemas"]["ArtifactUse"][];
        };
        /** @description A step that used an artifact. */
        ArtifactUse: {
            /** @description The run. */
            run: string;
            /** @description The step. */
            step: string;
            /** @description For which parameter. */
            parameter: string;
        };
        /** @description Files of a folder, in their order in its archive. */
        ArtifactFiles: {
            /** @description The files. May be fewer than asked for before the end. */
            items: components["schemas"]["ArtifactFile"][];
            /** @description Ask with this as `page` for those behind. */
            next?: string | null;
        };
        /** @description A file of a folder. */
        ArtifactFile: {
            /**
             * Format: uint64
             * @description Where it stands in the archive; its content is asked for by this.
             */
            position: number;
            /** @description Its path as the archive has it: any text at all, and two files may have the same. */
            name: string;
            /** @description What its name stands for. */
            mediaType: string;
            /**
             * Format: uint64
             * @description Length of its content in bytes.
             */
            sizeBytes: number;
            /** @description Whether it has a content; links have none. */
            readable: boolean;
        };
        /** @description What was pushed to the node's registry. */
        Repositories: {
            /** @description Sorted by name. */
            items: components["schemas"]["RepositoryTags"][];
        };
        /** @description A name in the node's registry, and its tags. */
        RepositoryTags: {
            /** @description Such as `sandmill/split-rows`. Not only components have names: artifacts do as well. */
            repository: string;
            /** @description Sorted. */
            tags: string[];
        };
        /** @description A component, as its binary tells of it. */
        ComponentDetail: {
            /** @description As it was asked for. */
            reference: string;
            /** @description Digest of the manifest that the reference means now. */
            manifest: string;
            /** @description Digest of the component's bytes. */
            digest: string;
            /**
             * Format: uint64
             * @description Length of the bytes.
             */
            sizeBytes: number;
            /** @description Whose signature counts; absent where the node's policy names no keys. */
            signer?: components["schemas"]["Signer"] | null;
            /** @description Whether it is a command, with arguments and files in the place of typed functions. */
            command: boolean;
            /** @description Exported functions that can be steps, sorted by name. */
            functions: components["schemas"]["Function"][];
            /** @description Imported interfaces with versions, sorted. */
            imports: string[];
            /** @description Exported interfaces with versions, sorted. */
            exports: string[];
            /** @description Its world as WIT, with documentation where the binary carries it. */
            wit: string;
        };
        /** @description Pipelines whose runs call a component. */
        CallingPipelines: {
            /** @description Sorted by name. */
            items: components["schemas"]["CallingPipeline"][];
            /** @description Ask with this as `page` for those behind. */
            next?: string | null;
        };
        /** @description A pipeline whose runs call a component. */
        CallingPipeline: {
            /** @description Its name. */
            pipeline: string;
            /**
             * Format: uint64
             * @description Its runs that call the component, also those that were removed from the lists.
             */
            runs: number;
            /** @description Id of the newest of them. */
            newestRun: string;
            /**
             * Format: uint64
             * @description When that was submitted, in milliseconds since 1970-01-01T00:00:00Z.
             */
            newestAtMillis: number;
        };
        /** @description A node's load, now and over the last hour. */
        NodeLoad: {
            /**
             * Format: uint32
             * @description Processor cores that the node sees.
             */
            cores: number;
            /**
             * Format: uint32
             * @description Attempts that may be under way at once.
             */
            attemptsAtOnceMax: number;
            /** @description One every few seconds, oldest first; the last one is the newest. */
            samples: components["schemas"]["LoadSample"][];
            /** @description What is kept where, measured twice a minute. */
            storage: components["schemas"]["StoragePlace"][];
            /** @description What steps compute on that are granted a device. */
            devices: components["schemas"]["NodeDevices"];
        };
        /** @description What a node was at, at one time. */
        LoadSample: {
            /**
             * Format: uint64
             * @description When, in milliseconds since 1970-01-01T00:00:00Z.
             */
            atMillis: number;
            /**
             * Format: double
             * @description Cores in use since the sample before.
             */
            coresUsed: number;
            /**
             * Format: uint64
             * @description Memory that the process holds.
             */
            memoryBytes: number;
            /**
             * Format: uint32
             * @description Attempts under way.
             */
            attemptsRunning: number;
            /**
             * Format: uint32
             * @description Attempts that wait for their turn.
             */
            attemptsWaiting: number;
            /**
             * Format: uint32
             * @description Runs at work.
             */
            runs: number;
            /**
             * Format: uint32
             * @description Devices that steps have open.
             */
            devicesOpen: number;
            /**
             * Format: uint64
             * @description Bytes that those may take together.
             */
            deviceMemoryGrantedBytes: number;
            /**
             * Format: uint64
             * @description Bytes that their tensors, buffers and weights take.
             */
            deviceMemoryBytes: number;
        };
        /** @description How much is kept in one place. */
        StoragePlace: {
            /** @description `ledger`, `blobs`, `registry`, `copies` of others' components, compiled `code`. */
            name: string;
            /**
             * Format: uint64
             * @description All files in it together.
             */
            bytes: number;
        };
        /** @description What steps compute on that are granted a device. */
        NodeDevices: {
            /**
             * Format: uint64
             * @description Bytes that one step may be granted; 0 where steps are granted no device.
             */
            memoryBytesMax: number;
            /**
             * @description `cpu` where the processors compute, else the interface of the adapter that does, as `vulkan`. Null until it is
             *     known: the drivers are asked when the load is first looked at.
             */
            backend?: string | null;
            /** @description Graphics adapters that were found. Empty, once `backend` is known, where the machine has none. */
            adapters: components["schemas"]["DeviceAdapter"][];
            /** @description Why the drivers could not be asked. */
            problem?: string | null;
        };
        /** @description A graphics adapter. */
        DeviceAdapter: {
            /** @description As its driver calls it. */
            name: string;
            /** @description The interface through which it is driven, as `vulkan`. */
            driverInterface: string;
            /** @description Whether it is a program on the machine's processors. */
            software: boolean;
            /** @description Whether it is what tensors are computed on. */
            used: boolean;
        };
        /** @description A node. */
        Node: {
            /** @description Sandmill's version. */
            version: string;
            /** @description Address and port of the node's registry, as seen from the node. */
            registry: string;
        };
        /** @description Who asks. */
        Login: {
            /** @description The user's name; `local` where the node does not tell users apart. */
            user: string;
            /** @description What they may do: `admin`, `member` or `viewer`. */
            role: string;
            /**
             * Format: uint64
             * @description When the login ends, in milliseconds since 1970-01-01T00:00:00Z; none for who asks without one.
             */
            expiresAtMillis?: number | null;
        };
        /** @description Asks for a login. What it is kept by goes to the browser as a cookie that no script reads. */
        SignIn: {
            /** @description The user's token. */
            token: string;
        };
        /** @description That a node works; one that does not answers without success. */
        Health: {
            /** @description Always `ok`. */
            status: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    listArtifacts: {
        parameters: {
            query?: {
                /** @description Only what this run made. */
                run?: string | null;
                /** @description The `next` of the page before. */
                page?: string | null;
                /** @description Artifacts at most, up to 200 (50). */
                limit?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Lists artifacts, newest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ArtifactPage"];
                };
            };
            /** @description What is wrong, all at once; each problem has a code that `sandmill explain` describes */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problems"];
                };
            };
        };
    };
    uploadArtifact: {
        parameters: {
            query?: {
                /** @description What it is (artifact). */
                kind?: components["schemas"]["ArtifactKind"];
            };
            header?: {
                /** @description Names and values to attach, as one JSON object of strings */
                "sandmill-metadata"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "*/*": string;
            };
        };
        responses: {
            /** @description Keeps the body as an artifact; its media type is the request's Content-Type */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ArtifactRef"];
                };
            };
            /** @description What is wrong, all at once; each problem has a code that `sandmill explain` describes */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problems"];
                };
            };
        };
    };
    getArtifact: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                digest: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Shows an artifact, who made it and who used it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ArtifactDetail"];
                };
            };
            /** @description What is wrong, all at once; each problem has a code that `sandmill explain` describes */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problems"];
                };
            };
        };
    };
    getArtifactContent: {
        parameters: {
            query?: never;
            header?: {
                /** @description One range of bytes, such as `bytes=0-1023` */
                range?: string;
                /** @description The digest in quotes, where the content is held already */
                "if-none-match"?: string;
            };
            path: {
                digest: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Reads an artifact's bytes: all, or one range of them with status 206 */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "*/*": string;
                };
            };
            /** @description What is wrong, all at once; each problem has a code that `sandmill explain` describes */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problems"];
                };
            };
        };
    };
    listArtifactFiles: {
        parameters: {
            query?: {
                /** @description The `next` of the page before. */
                page?: string | null;
                /** @description Files at most, up to 200 (50). */
                limit?: number | null;
            };
            header?: never;
            path: {
                digest: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Lists the files of an artifact that is a folder, without unpacking it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ArtifactFiles"];
                };
            };
            /** @description What is wrong, all at once; each problem has a code that `sandmill explain` describes */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problems"];
                };
            };
        };
    };
    getArtifactFile: {
        parameters: {
            query?: never;
            header?: {
                /** @description One range of bytes, such as `bytes=0-1023` */
                range?: string;
                /** @description The tag that came with the content, where it is held already */
                "if-none-match"?: string;
            };
            path: {
                digest: string;
                position: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Reads one file of a folder by its position in the list: all, or one range of it with status 206 */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "*/*": string;
                };
            };
            /** @description What is wrong, all at once; each problem has a code that `sandmill explain` describes */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problems"];
                };
            };
        };
    };
    listCallingPipelines: {
        parameters: {
            query?: {
                /** @description Digest of the component's bytes. */
                component?: string;
                /** @description The `next` of the page before. */
                page?: string | null;
                /** @description Pipelines at most, up to 200 (50). */
                limit?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Lists the pipelines whose runs call a component, by name */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CallingPipelines"];
                };
            };
            /** @description What is wrong, all at once; each problem has a code that `sandmill explain` describes */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problems"];
                };
            };
        };
    };
    listComponents: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Lists the names and tags in the node's registry */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Repositories"];
                };
            };
            /** @description What is wrong, all at once; each problem has a code that `sandmill explain` describes */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problems"];
                };
            };
        };
    };
    getComponent: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                component: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Shows what a component says of itself; a `/` in its reference is written `%2F` */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ComponentDetail"];
                };
            };
            /** @description What is wrong, all at once; each problem has a code that `sandmill explain` describes */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problems"];
                };
            };
        };
    };
    listExperiments: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Lists experiments, oldest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Experiments"];
                };
            };
            /** @description What is wrong, all at once; each problem has a code that `sandmill explain` describes */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problems"];
                };
            };
        };
    };
    createExperiment: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateExperiment"];
            };
        };
        responses: {
            /** @description Makes an experiment */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Experiment"];
                };
            };
            /** @description What is wrong, all at once; each problem has a code that `sandmill explain` describes */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problems"];
                };
            };
        };
    };
    getLogin: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Says who asks, and until when their login holds */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Login"];
                };
            };
            /** @description What is wrong, all at once; each problem has a code that `sandmill explain` describes */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problems"];
                };
            };
        };
    };
    signIn: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SignIn"];
            };
        };
        responses: {
            /** @description Takes a token for a login, which a browser keeps as a cookie */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Login"];
                };
            };
            /** @description What is wrong, all at once; each problem has a code that `sandmill explain` describes */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problems"];
                };
            };
        };
    };
    signOut: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Ends the login that the request brings */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What is wrong, all at once; each problem has a code that `sandmill explain` describes */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problems"];
                };
            };
        };
    };
    getNode: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Says which version this is and where its registry listens */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Node"];
                };
            };
            /** @description What is wrong, all at once; each problem has a code that `sandmill explain` describes */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problems"];
                };
            };
        };
    };
    getNodeLoad: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Shows what the node is at, and the hour before */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NodeLoad"];
                };
            };
            /** @description What is wrong, all at once; each problem has a code that `sandmill explain` describes */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problems"];
                };
            };
        };
    };
    runNotebook: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RunNotebook"];
            };
        };
        responses: {
            /** @description Runs a notebook from its first cell to its last, in a session of its own */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RanNotebook"];
                };
            };
            /** @description What is wrong, all at once; each problem has a code that `sandmill explain` describes */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problems"];
                };
            };
        };
    };
    listPipelines: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Lists kept pipelines, oldest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Pipelines"];
                };
            };
            /** @description What is wrong, all at once; each problem has a code that `sandmill explain` describes */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problems"];
                };
            };
        };
    };
    createPipeline: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreatePipeline"];
            };
        };
        responses: {
            /** @description Keeps a pipeline with its first version */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Pipeline"];
                };
            };
            /** @description What is wrong, all at once; each problem has a code that `sandmill explain` describes */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problems"];
                };
            };
        };
    };
    getPipeline: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                pipeline: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Shows a kept pipeline */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Pipeline"];
                };
            };
            /** @description What is wrong, all at once; each problem has a code that `sandmill explain` describes */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problems"];
                };
            };
        };
    };
    deletePipeline: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                pipeline: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Forgets a pipeline and its versions; runs stay, and go on */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What is wrong, all at once; each problem has a code that `sandmill explain` describes */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problems"];
                };
            };
        };
    };
    listPipelineVersions: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                pipeline: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Lists a pipeline's versions, oldest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PipelineVersions"];
                };
            };
            /** @description What is wrong, all at once; each problem has a code that `sandmill explain` describes */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problems"];
                };
            };
        };
    };
    createPipelineVersion: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                pipeline: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreatePipelineVersion"];
            };
        };
        responses: {
            /** @description Adds a version to a pipeline */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PipelineVersion"];
                };
            };
            /** @description What is wrong, all at once; each problem has a code that `sandmill explain` describes */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problems"];
                };
            };
        };
    };
    getPipelineVersion: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                pipeline: string;
                version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Shows a version and what it runs */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PipelineVersionDetail"];
                };
            };
            /** @description What is wrong, all at once; each problem has a code that `sandmill explain` describes */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problems"];
                };
            };
        };
    };
    checkPipeline: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CheckRequest"];
            };
        };
        responses: {
            /** @description Checks a document as a submission would, and starts nothing */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CheckedPipeline"];
                };
            };
            /** @description What is wrong, all at once; each problem has a code that `sandmill explain` describes */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problems"];
                };
            };
        };
    };
    listRuns: {
        parameters: {
            query?: {
                /** @description Only runs of this pipeline. */
                pipeline?: string | null;
                /** @description Only runs of this status. */
                status?: string | null;
                /** @description Only runs of the experiment of this name. */
                experiment?: string | null;
                /** @description Only firings of the schedule of this id. */
                schedule?: string | null;
                /** @description Only runs that call the component of this digest. */
                component?: string | null;
                /** @description The `next` of the page before. */
                page?: string | null;
                /** @description Runs at most, up to 200 (50). */
                limit?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Lists runs, newest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunPage"];
                };
            };
            /** @description What is wrong, all at once; each problem has a code that `sandmill explain` describes */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problems"];
                };
            };
        };
    };
    submitRun: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SubmitRequest"];
            };
        };
        responses: {
            /** @description Starts a run; once this has answered, no crash loses it */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Submitted"];
                };
            };
            /** @description What is wrong, all at once; each problem has a code that `sandmill explain` describes */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problems"];
                };
            };
        };
    };
    getRun: {
        parameters: {
            query?: {
                /** @description Only steps of this status. */
                status?: string | null;
                /** @description Only steps behind the one of this name. */
                after?: string | null;
                /** @description Steps at most, up to 10,000 (1,000). */
                limit?: number | null;
            };
            header?: never;
            path: {
                run: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Shows a run and its steps */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunDetail"];
                };
            };
            /** @description What is wrong, all at once; each problem has a code that `sandmill explain` describes */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problems"];
                };
            };
        };
    };
    cancelRun: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                run: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Asks a run to end; what succeeded stays */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What is wrong, all at once; each problem has a code that `sandmill explain` describes */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problems"];
                };
            };
        };
    };
    getRunDocument: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                run: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Reads the document that a run came from */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunDocument"];
                };
            };
            /** @description What is wrong, all at once; each problem has a code that `sandmill explain` describes */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problems"];
                };
            };
        };
    };
    streamRunEvents: {
        parameters: {
            query?: {
                /** @description Go on behind this `id` of the stream. */
                after?: string | null;
                /** @description Whether the stream carries the log (true). */
                logs?: boolean | null;
            };
            header?: {
                /** @description Go on behind this `id` of the stream; stronger than `after` */
                "last-event-id"?: string;
            };
            path: {
                run: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Streams a run's history from its first entry on, its log, progress and metrics, until the run has ended; answers 204 where it has ended and nothing is behind the given position */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": components["schemas"]["StreamEvent"];
                };
            };
            /** @description What is wrong, all at once; each problem has a code that `sandmill explain` describes */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problems"];
                };
            };
        };
    };
    getRunLogs: {
        parameters: {
            query?: {
                /** @description Only lines of this step. */
                step?: string | null;
                /** @description Only lines that hold this text, capitals and small letters being the same. */
                contains?: string | null;
                /** @description Only lines behind this one. */
                after?: number | null;
                /** @description Lines at most, up to 10,000 (1,000). */
                limit?: number | null;
            };
            header?: never;
            path: {
                run: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Reads a run's log, oldest line first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LogLines"];
                };
            };
            /** @description What is wrong, all at once; each problem has a code that `sandmill explain` describes */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problems"];
                };
            };
        };
    };
    getRunMetrics: {
        parameters: {
            query?: {
                /** @description Only points behind this one. */
                after?: number | null;
                /** @description Points at most, up to 10,000 (10,000). */
                limit?: number | null;
            };
            header?: never;
            path: {
                run: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Reads the series that a run's steps reported, oldest point first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MetricPoints"];
                };
            };
            /** @description What is wrong, all at once; each problem has a code that `sandmill explain` describes */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problems"];
                };
            };
        };
    };
    getRunPlan: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                run: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Shows what a run carries out: tasks and edges */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunPlan"];
                };
            };
            /** @description What is wrong, all at once; each problem has a code that `sandmill explain` describes */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problems"];
                };
            };
        };
    };
    retryRun: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                run: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Tries the steps of an ended run again that did not succeed */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What is wrong, all at once; each problem has a code that `sandmill explain` describes */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problems"];
                };
            };
        };
    };
    getRunStep: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                run: string;
                step: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Shows a step: what it was handed, each attempt, what it may reach; a `/` in its path is written `%2F` */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StepDetail"];
                };
            };
            /** @description What is wrong, all at once; each problem has a code that `sandmill explain` describes */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problems"];
                };
            };
        };
    };
    listSchedules: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Lists schedules, oldest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Schedules"];
                };
            };
            /** @description What is wrong, all at once; each problem has a code that `sandmill explain` describes */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problems"];
                };
            };
        };
    };
    createSchedule: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateSchedule"];
            };
        };
        responses: {
            /** @description Makes a schedule: a document that is run again and again */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Schedule"];
                };
            };
            /** @description What is wrong, all at once; each problem has a code that `sandmill explain` describes */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problems"];
                };
            };
        };
    };
    getSchedule: {
        parameters: {
            query?: {
                /** @description Next firings to show, up to 100 (1). */
                next?: number | null;
            };
            header?: never;
            path: {
                schedule: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Shows a schedule and its next firings */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Schedule"];
                };
            };
            /** @description What is wrong, all at once; each problem has a code that `sandmill explain` describes */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problems"];
                };
            };
        };
    };
    deleteSchedule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                schedule: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Forgets a schedule; its runs stay, and go on */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What is wrong, all at once; each problem has a code that `sandmill explain` describes */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problems"];
                };
            };
        };
    };
    pauseSchedule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                schedule: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Stops a schedule from firing */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What is wrong, all at once; each problem has a code that `sandmill explain` describes */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problems"];
                };
            };
        };
    };
    resumeSchedule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                schedule: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Lets a paused schedule fire again */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What is wrong, all at once; each problem has a code that `sandmill explain` describes */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problems"];
                };
            };
        };
    };
    listSessions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Lists the sessions of notebooks, at work or paused */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Sessions"];
                };
            };
            /** @description What is wrong, all at once; each problem has a code that `sandmill explain` describes */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problems"];
                };
            };
        };
    };
    createSession: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateSession"];
            };
        };
        responses: {
            /** @description Begins a session of a notebook */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description What is wrong, all at once; each problem has a code that `sandmill explain` describes */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problems"];
                };
            };
        };
    };
    getSession: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                session: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Shows a session */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description What is wrong, all at once; each problem has a code that `sandmill explain` describes */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problems"];
                };
            };
        };
    };
    endSession: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                session: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Ends a session, whatever it is doing */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What is wrong, all at once; each problem has a code that `sandmill explain` describes */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problems"];
                };
            };
        };
    };
    pauseSession: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                session: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Writes down what a session has defined, as far as that can be, and ends its guest */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description What is wrong, all at once; each problem has a code that `sandmill explain` describes */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problems"];
                };
            };
        };
    };
    resumeSession: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                session: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Puts a paused session to work again; one that is at work stays so */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description What is wrong, all at once; each problem has a code that `sandmill explain` describes */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problems"];
                };
            };
        };
    };
    listTrainJobs: {
        parameters: {
            query?: {
                /** @description Only jobs of this name. */
                name?: string | null;
                /** @description Only jobs of this status. */
                status?: string | null;
                /** @description The `next` of the page before. */
                page?: string | null;
                /** @description Jobs at most, up to 200 (50). */
                limit?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Lists training jobs, newest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TrainJobPage"];
                };
            };
            /** @description What is wrong, all at once; each problem has a code that `sandmill explain` describes */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problems"];
                };
            };
        };
    };
    submitTrainJob: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SubmitTrainJob"];
            };
        };
        responses: {
            /** @description Starts a training job; durable once answered */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SubmittedTrainJob"];
                };
            };
            /** @description What is wrong, all at once; each problem has a code that `sandmill explain` describes */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problems"];
                };
            };
        };
    };
    getTrainJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                job: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Shows a training job and its workers */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TrainJobDetail"];
                };
            };
            /** @description What is wrong, all at once; each problem has a code that `sandmill explain` describes */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problems"];
                };
            };
        };
    };
    cancelTrainJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                job: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Asks a job to end */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What is wrong, all at once; each problem has a code that `sandmill explain` describes */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problems"];
                };
            };
        };
    };
    streamTrainJobEvents: {
        parameters: {
            query?: {
                /** @description Go on behind this `id` of the stream. */
                after?: string | null;
                /** @description Whether the stream carries the log (true). */
                logs?: boolean | null;
            };
            header?: {
                /** @description Go on behind this `id` of the stream; stronger than `after` */
                "last-event-id"?: string;
            };
            path: {
                job: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Streams a job's history from its first entry on, its log and what its workers measure, until the job has ended; answers 204 where it has ended and nothing is behind the given position */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": components["schemas"]["StreamEvent"];
                };
            };
            /** @description What is wrong, all at once; each problem has a code that `sandmill explain` describes */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problems"];
                };
            };
        };
    };
    getTrainJobLogs: {
        parameters: {
            query?: {
                /** @description Only lines of this step. */
                step?: string | null;
                /** @description Only lines that hold this text, capitals and small letters being the same. */
                contains?: string | null;
                /** @description Only lines behind this one. */
                after?: number | null;
                /** @description Lines at most, up to 10,000 (1,000). */
                limit?: number | null;
            };
            header?: never;
            path: {
                job: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Reads lines of a job's log; the steps of a job are `worker-0` and so on */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LogLines"];
                };
            };
            /** @description What is wrong, all at once; each problem has a code that `sandmill explain` describes */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problems"];
                };
            };
        };
    };
    getTrainJobMetrics: {
        parameters: {
            query?: {
                /** @description Only points behind this one. */
                after?: number | null;
                /** @description Points at most, up to 10,000 (10,000). */
                limit?: number | null;
            };
            header?: never;
            path: {
                job: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Reads the points of the series that a job's workers reported; a step made again is reported again */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MetricPoints"];
                };
            };
            /** @description What is wrong, all at once; each problem has a code that `sandmill explain` describes */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problems"];
                };
            };
        };
    };
    resumeTrainJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                job: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Lets a job go on that waits, was cancelled or failed, from its last checkpoint */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What is wrong, all at once; each problem has a code that `sandmill explain` describes */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problems"];
                };
            };
        };
    };
    stopTrainJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                job: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Asks a job to wait: its state is written down and its workers end */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What is wrong, all at once; each problem has a code that `sandmill explain` describes */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problems"];
                };
            };
        };
    };
    checkTrainJob: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SubmitTrainJob"];
            };
        };
        responses: {
            /** @description Checks a training job's document as a submission would, and starts nothing */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CheckedTrainJob"];
                };
            };
            /** @description What is wrong, all at once; each problem has a code that `sandmill explain` describes */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problems"];
                };
            };
        };
    };
    getHealth: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Answers while the process lives */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            /** @description What is wrong, all at once; each problem has a code that `sandmill explain` describes */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problems"];
                };
            };
        };
    };
    getOpenApi: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description This document */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description What is wrong, all at once; each problem has a code that `sandmill explain` describes */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problems"];
                };
            };
        };
    };
    getReadiness: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Answers while the ledger can be read */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            /** @description What is wrong, all at once; each problem has a code that `sandmill explain` describes */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problems"];
                };
            };
        };
    };
}
