FROM node:22.11.0-slim
WORKDIR /app
COPY package.json package-lock.json /app/
COPY server.js /app/
USER 10001
CMD ["node", "server.js"]
