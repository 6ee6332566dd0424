# docs/deploy.md says how to build and run it, what was tried and what could not be.
# The base is named by tag; pin its digest (--build-arg NODE_IMAGE=node:24-alpine@sha256:…) for builds that repeat.
ARG NODE_IMAGE=node:24-alpine

# Compiles.
FROM ${NODE_IMAGE} AS build
WORKDIR /app
ENV npm_config_cache=/npm-cache
COPY package.json package-lock.json ./
RUN --mount=type=cache,target=/npm-cache npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json ./
COPY scripts ./scripts
COPY src ./src
RUN npm run build && find dist -type f ! -name '*.js' ! -name THIRD-PARTY.txt -exec rm {} +

# What runs beside it, without what only compilers, bundlers, CommonJS programs and people read: GraphiQL
# alone is 9 MB, twice, and OpenTelemetry's packages hold their code three times.
FROM ${NODE_IMAGE} AS dependencies
WORKDIR /app
ENV npm_config_cache=/npm-cache
COPY package.json package-lock.json ./
RUN --mount=type=cache,target=/npm-cache npm ci --omit=dev --ignore-scripts --no-audit --no-fund
RUN rm -r node_modules/.bin node_modules/@graphql-yoga/render-graphiql/cjs node_modules/bintrees/test \
    node_modules/@opentelemetry/*/build/esm node_modules/@opentelemetry/*/build/esnext \
  && find node_modules -type f '(' -name '*.ts' -o -name '*.[cm]ts' -o -name '*.map' -o -name '*.md' ! -iname 'licen[cs]e*' ')' \
    -exec rm {} +

# Node and the libraries that it is linked to, and nothing else: no shell, no package manager. The last line fails where
# a library is missing, so that no such image is made.
FROM ${NODE_IMAGE} AS runtime
RUN apk add --no-cache binutils
RUN mkdir -p /rootfs/etc /rootfs/tmp \
  && tar -chf - /usr/local/bin/node $(ldd /usr/local/bin/node | grep -o '/[^ ]*' | sort -u) | tar -xf - -C /rootfs \
  && strip /rootfs/usr/local/bin/node \
  && chmod 1777 /rootfs/tmp \
  && echo 'hookgraph:x:65532:65532::/app:/sbin/nologin' > /rootfs/etc/passwd \
  && echo 'hookgraph:x:65532:' > /rootfs/etc/group \
  && chroot /rootfs /usr/local/bin/node --version

FROM scratch
LABEL org.opencontainers.image.title="hookgraph" \
  org.opencontainers.image.description="One GraphQL API over the webhook-management APIs of Personio and TruLayer." \
  org.opencontainers.image.licenses="MIT"
COPY --from=runtime /rootfs /
WORKDIR /app
COPY --from=dependencies /app/node_modules ./node_modules
COPY package.json LICENSE ./
COPY --from=build /app/dist ./dist
# On every address, so that the container can be reached: the gateway starts only with keys, a JWKS or GATEWAY_AUTH=none.
ENV NODE_ENV=production HOST=0.0.0.0 PORT=4000
USER 65532:65532
EXPOSE 4000
HEALTHCHECK --interval=30s --timeout=3s --start-period=10s \
  CMD ["/usr/local/bin/node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# The exec form: signals reach Node, and SIGTERM drains.
ENTRYPOINT ["/usr/local/bin/node", "/app/dist/main.js"]
