# The black-box suite: compiled, with its runner and what makes a page of the results.
#
#   docker build -f docker/tests.Dockerfile -t tradepit-tests .
#   docker run --rm --net=host -e TRADEPIT_URL=http://127.0.0.1:8000 -v report:/report tradepit-tests
#
# It leaves junit.xml and report.html in /report, and exits as the tests did. Further arguments go to nextest: a part
# of a test's name, for one.

FROM rust:1.95.0-slim-bookworm AS nextest
# Without its self-update, and so without a TLS library to compile.
RUN cargo install --locked --no-default-features --features default-no-update cargo-nextest@0.9.151

# As in server.Dockerfile.
FROM rust:1.95.0-slim-bookworm AS manifests
WORKDIR /src
COPY . .
RUN find . -type f ! -name 'Cargo.*' ! -path './.cargo/*' ! -name lib.rs ! -name main.rs ! -name build.rs \
      ! -path './benches/*.rs' -delete \
 && echo '#![allow(warnings)] fn main() {}' | tee $(find . -name '*.rs') > /dev/null \
 && find . -type d -empty -delete

FROM rust:1.95.0-slim-bookworm AS build
WORKDIR /src
# The suite's own servers do without the dashboard; the server under test has one.
ENV CARGO_PROFILE_DEV_DEBUG=line-tables-only TRADEPIT_DASHBOARD=skip
COPY --from=manifests /src .
RUN cargo test --locked --test suite --no-run
COPY --from=nextest /usr/local/cargo/bin/cargo-nextest /usr/local/cargo/bin/
COPY . .
RUN find . -path ./target -prune -o -name '*.rs' -exec touch {} + \
 && cargo nextest archive --locked --package tradepit --test suite --archive-file /suite.tar.zst

FROM python:3.11-slim-bookworm
RUN pip install --no-cache-dir junit2html==31.1.4 jinja2==3.1.6 markupsafe==3.0.4 \
 && install -d -o 65532 -g 65532 /report
COPY --from=nextest /usr/local/cargo/bin/cargo-nextest /usr/local/bin/
COPY --from=build /suite.tar.zst /suite/
COPY Cargo.toml /suite/workspace/
COPY .config/nextest.toml /suite/workspace/.config/
COPY docker/run-tests.sh /usr/local/bin/run-tests
USER 65532:65532
ENTRYPOINT ["run-tests"]
