import {readdir} from "node:fs/promises";
import {join} from "node:path";
import {recipeIn} from "../../capture/train/trainingFolder.ts";
import {tasks} from "../../capture/train/tasks/tasks.ts";
import type {RecipeList} from "../contract/contract.ts";
import {shippedOrganisms} from "../models/shipped.ts";

let recipes: Promise<RecipeList> | undefined;

/** The recipes that the organisms which ship were trained by. */
export const shippedRecipes = (): Promise<RecipeList> => (recipes ??= readRecipes());

async function readRecipes(): Promise<RecipeList> {
  const folders = (await readdir(shippedOrganisms, {withFileTypes: true})).filter((entry) => entry.isDirectory());
  const read = folders.map(async ({name}) => {
    const recipe = (await recipeIn(join(shippedOrganisms, name)))!;
    return {name, about: recipe.about ?? tasks[recipe.task].about, recipe};
  });
  return {recipes: (await Promise.all(read)).sort((a, b) => (a.name < b.name ? -1 : 1))};
}
