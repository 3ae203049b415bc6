/** What reading a file or folder gives, or `otherwise` where there is none of that name. */
export async function ifThere<Found, Otherwise>(reading: Promise<Found>, otherwise: Otherwise): Promise<Found | Otherwise> {
  return reading.catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return otherwise;
    throw error;
  });
}
