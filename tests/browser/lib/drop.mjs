// Drops files on the page.

/// Drops files from the disk on the page as the system's file manager does, so that folders are folders. The pointer
/// enters at `from`.
export async function dropFromDisk(app, locator, files, { from = locator } = {}) {
  await locator.scrollIntoViewIfNeeded();
  const session = await app.page.context().newCDPSession(app.page);
  const data = { items: [], files, dragOperationsMask: 1 };
  const send = async (type, over) => {
    const box = await over.boundingBox();
    const at = { x: box.x + box.width / 2, y: box.y + Math.min(box.height / 2, 100) };
    await session.send("Input.dispatchDragEvent", { type, ...at, data });
  };
  await send("dragEnter", from);
  await send("dragOver", from);
  await send("drop", locator);
  await session.detach();
}
