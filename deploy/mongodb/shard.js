// Shards what grows in a database of Miroir: the collections of resources and of their history. What it means for Miroir, and what was not tried: docs/operations/sharding.md.
//
//   mongosh "mongodb://router1,router2/?tls=true" --eval 'var database = "miroir"' --file deploy/mongodb/shard.js
//
// Once a server has made the collections (compressed as it wants them, with their indexes) and before much is in them. It may be run again: what is sharded stays as it is.
// Everything named miroir_ stays where it is, on the primary shard of the database.

// ShardKeysIT reads these two lines, and holds every command that a store sends against them.
const CURRENT = { _id: 1 };
const HISTORY = { _id: 1 };

const name = typeof database === "string" ? database : "miroir";
const here = db.getSiblingDB(name);

if (db.hello().msg !== "isdbgrid") {
  throw new Error("this is no router (mongos): on a replica set there is nothing to shard");
}

const sharded = new Set(
  db.getSiblingDB("config").collections.find({ _id: { $regex: "^" + name + "\\." } }).toArray().map((each) => each._id)
);
const collections = here
  .getCollectionInfos({ type: "collection" }, { nameOnly: true })
  .map((each) => each.name)
  .filter((each) => !each.startsWith("miroir_") && !each.startsWith("system."));

if (collections.length === 0) {
  throw new Error("no collection of resources in " + name + ": start a server first, which makes them");
}

for (const collection of collections.sort()) {
  const namespace = name + "." + collection;
  if (sharded.has(namespace)) {
    print(namespace + ": is sharded already");
    continue;
  }
  const key = collection.endsWith("_history") ? HISTORY : CURRENT;
  const result = db.adminCommand({ shardCollection: namespace, key: key });
  if (!result.ok) {
    throw new Error(namespace + ": " + result.errmsg);
  }
  print(namespace + ": " + JSON.stringify(key));
}
