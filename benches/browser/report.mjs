export const report = (r) => JSON.stringify(r.speeds.map(({label,task,size,batch,imagesPerSecond,memory,error})=>({label,task,size,batch,imagesPerSecond,memory,error})),null,1);
export const writeDocs = () => {};
