/** Says what is being waited for; appears only after a moment, so that quick answers do not flash. */
export function Loading({what}: {what: string}) {
  return (
    <main className="loading" aria-busy="true">
      <p>Loading {what} …</p>
    </main>
  );
}
