FROM node:22.11.0-slim
ENV NODE_ENV=production
ENV NPM_TOKEN=npm_k3Jx9wQz0aB1cD2eF3gH4
RUN npm ci
USER 10001
CMD ["node", "server.js"]
