package miroir.simulator.life;

import miroir.simulator.Kind;

/**
 * Where a resource stands at some instant.
 *
 * @param exists whether a read finds it
 * @param active false for a stub
 * @param generation of its technical id
 * @param revision of its content
 * @param content the load that its content is of
 * @param load the load that touched it last
 * @param place its place in that load
 * @param updated {@code meta.lastUpdated} in milliseconds
 */
public record Standing(
        Kind kind,
        long number,
        boolean exists,
        boolean active,
        int generation,
        int version,
        int revision,
        int content,
        int load,
        long place,
        long updated) {}
