#!/usr/bin/env node
import {register} from "tsx/esm/api";

// The sources are what runs, in a checkout and in the package alike: tsx reads TypeScript as it is loaded.
register();
await import("../api/cli.ts");
