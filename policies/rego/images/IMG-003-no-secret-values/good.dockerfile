FROM node:22.11.0-slim
ARG NPM_TOKEN
ENV NODE_ENV=production API_TOKEN=<from-vault>
ENV SESSION_SECRET=<from-vault>
WORKDIR /app
COPY package.json package-lock.json ./
RUN --mount=type=secret,id=NPM_TOKEN npm ci
USER 10001
CMD ["node", "server.js"]
