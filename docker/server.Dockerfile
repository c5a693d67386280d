# The server and the load tool, `tradepit`, on an empty image.
#
#   docker build -f docker/server.Dockerfile -t tradepit .
#   docker run --rm -p 127.0.0.1:8000:8000 tradepit
#
# The binary is linked statically against glibc, so it needs no base image: nothing there to patch but itself. It is its
# own health check too. glibc and not musl, because musl's allocator is slow under threads. glibc finds the names of
# hosts (files and DNS) without its shared parts since 2.34.

# The manifests and, emptied, the files that they and cargo's conventions name: all that dependencies depend on. What
# comes of this stage is the same until a manifest changes, and so the dependencies below stay in the cache.
FROM rust:1.95.0-slim-bookworm AS manifests
WORKDIR /src
COPY . .
RUN find . -type f ! -name 'Cargo.*' ! -path './.cargo/*' ! -name lib.rs ! -name main.rs ! -name build.rs \
      ! -path './benches/*.rs' -delete \
 && echo '#![allow(warnings)] fn main() {}' | tee $(find . -name '*.rs') > /dev/null \
 && find . -type d -empty -delete

# The page that the server shows at /. Node is needed here only; what tests and checks of it need is left out.
FROM node:22-bookworm-slim AS dashboard
WORKDIR /src
COPY dashboard/package.json dashboard/package-lock.json ./
RUN npm ci --omit=dev --no-audit --no-fund
COPY dashboard .
RUN npm run build

FROM rust:1.95.0-slim-bookworm AS build
WORKDIR /src
# A named target keeps the flag away from build scripts and procedural macros, which cannot be static.
ENV RUSTFLAGS="-C target-feature=+crt-static"
COPY --from=manifests /src .
RUN cargo build --locked --release --bin tradepit --target "$(rustc --print host-tuple)"
COPY . .
COPY --from=dashboard /src/dist dashboard/dist
# No Node here: a page that does not count as current fails the build.
ENV TRADEPIT_DASHBOARD=require
# Cargo compares times: a source must look newer than what was built of its empty stand-in, and the page as new as its
# own sources.
RUN find . -path ./target -prune -o -name '*.rs' -exec touch {} + \
 && find dashboard/dist -exec touch {} + \
 && cargo build --locked --release --bin tradepit --target "$(rustc --print host-tuple)" \
 && cp "target/$(rustc --print host-tuple)/release/tradepit" /usr/local/bin/

# All that the image holds. /data is for the server's data folder, /report for the load tool's pages: a volume takes
# over the owner of what it covers.
FROM debian:bookworm-slim AS root
RUN install -d -o 65532 -g 65532 /root-of-image/report /root-of-image/data
COPY --from=build /usr/local/bin/tradepit /root-of-image/bin/

FROM scratch
COPY --from=root /root-of-image /
# Within a container it must listen on all addresses; who reaches it is said where its port is published.
ENV PATH=/bin TRADEPIT_HOST=0.0.0.0 TRADEPIT_PORT=8000 TRADEPIT_INSECURE=true
USER 65532:65532
EXPOSE 8000
# Healthy is who takes orders, at whichever port. While a large folder is read a server is starting, not unhealthy.
HEALTHCHECK --interval=3s --timeout=6s --retries=3 --start-period=1h CMD ["tradepit", "health"]
ENTRYPOINT ["tradepit"]
CMD ["serve"]
