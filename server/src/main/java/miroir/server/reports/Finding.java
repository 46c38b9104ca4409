package miroir.server.reports;

import miroir.server.directory.DirectoryResource;

/**
 * What is wrong with a resource.
 *
 * @param what the value that is wrong; empty where something is missing
 */
record Finding(DirectoryResource resource, String what) {}
