# docker build -t miroir .
# docker run -p 8080:8080 -e MONGODB_URI='mongodb://db/?replicaSet=rs' -e MIROIR_ACCESS=token \
#     -e MIROIR_WRITE_TOKEN_FILE=/run/secrets/token -v "$PWD/token:/run/secrets/token:ro" --read-only --tmpfs /tmp miroir
# docker run --env-file store.env miroir sync run                  the daemon
# docker run --env-file store.env -v copies:/var/lib/miroir miroir sql run   copies in SQL, as conf/sql.yaml says
# docker run -p 8090:8090 miroir simulate --address 0.0.0.0    the made-up directory
# Everyone may read with MIROIR_OPEN_BEYOND_LOOPBACK=true instead of MIROIR_ACCESS=token. MIROIR_HOSTS has the names under which it
# is asked, besides localhost.
FROM maven:3-eclipse-temurin-25 AS build
WORKDIR /build
COPY . .
RUN mvn -q -B -DskipTests -pl server,validation,sync-annuaire,sql-copies,simulator -am package && image/assemble /opt/miroir

FROM debian:12-slim
# What copies in SQL are written to is a volume of yours.
RUN useradd --system --uid 10001 --home-dir /opt/miroir --no-create-home miroir && install -d -o miroir -m 700 /var/lib/miroir
COPY --from=build /opt/miroir /opt/miroir
USER 10001
ENV LANG=C.UTF-8 MIROIR_HOST=0.0.0.0 MIROIR_PORT=8080 MIROIR_SQL_FOLDER=/var/lib/miroir
EXPOSE 8080
# Nothing is written: the log goes to the standard output, and the rest into the database.
HEALTHCHECK --interval=10s --timeout=6s --start-period=30s CMD ["/opt/miroir/bin/miroir", "health"]
ENTRYPOINT ["/opt/miroir/bin/miroir"]
CMD ["server"]
