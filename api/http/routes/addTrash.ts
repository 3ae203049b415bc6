import type {Router} from "express";
import type {Owner} from "../../queue/fairPlace.ts";
import type {JobTrash} from "../../queue/jobTrash.ts";
import {refuseOthers} from "../access/visitor.ts";

interface TrashParts {
  /** What a job is called, and where jobs lie. */
  readonly noun: string;
  readonly plural: string;
  readonly jobs: JobTrash<unknown> & {get(id: string): Promise<{readonly owner: Owner}>};
}

/** The ways into the trash and out of it, of jobs whose DELETE cancels. One that cannot be read is nobody's. */
export function addTrash(router: Router, {noun, plural, jobs}: TrashParts): void {
  router.post(`/${plural}/:id/remove`, async ({params: {id}}, response) => {
    const owner = await jobs.get(id).then(
      (job) => job.owner,
      () => null
    );
    refuseOthers(response, `${noun}: ${id}`, owner);
    await jobs.remove(id);
    response.status(204).end();
  });

  router.post(`/${plural}/:id/restore`, async ({params: {id}}, response) => {
    refuseOthers(response, `${noun}: ${id}`, await jobs.ownerOfRemoved(id));
    response.json(await jobs.restore(id));
  });
}
