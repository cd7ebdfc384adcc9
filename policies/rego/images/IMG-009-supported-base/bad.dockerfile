FROM node:16-alpine
WORKDIR /app
COPY . .
RUN npm ci
USER 10001
CMD ["node", "server.js"]
