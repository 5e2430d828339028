# Builds strait and leaves it in a small image:
#
#   docker build -t strait .
#   docker run --rm -v "$PWD:/data:ro" strait copy /data/webui.db postgres://user@host/database
FROM rust:1-slim-bookworm AS build
WORKDIR /build
COPY . .
# The caches keep the dependencies, downloaded and compiled, from one build to the next.
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/build/target \
    cargo build --release --locked && cp target/release/strait /usr/local/bin/strait

FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --create-home strait
COPY --from=build /usr/local/bin/strait /usr/local/bin/strait
USER strait
WORKDIR /data
ENTRYPOINT ["strait"]
