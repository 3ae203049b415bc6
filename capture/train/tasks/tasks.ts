import {arithmetic} from "./arithmetic.ts";
import {bistable} from "./bistable.ts";
import {clock} from "./clock.ts";
import {counter} from "./counter.ts";
import type {TaskName} from "./names.ts";
import type {Task} from "./task.ts";

/** What can be trained, by the name that a recipe says. */
export const tasks = {clock, bistable, counter, arithmetic} as const satisfies Readonly<Record<TaskName, Task>>;
