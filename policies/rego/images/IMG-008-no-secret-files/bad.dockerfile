FROM node:22.11.0-slim
WORKDIR /app
COPY package.json package-lock.json .env /app/
USER 10001
CMD ["node", "server.js"]
