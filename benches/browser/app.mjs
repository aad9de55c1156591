export async function measureApp() {}
