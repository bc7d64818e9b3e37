"""A cache of what was searched for, so that nobody has to search for it twice; by default nothing in it is believed.

An entry is kept under a digest of the question that it answers (`key`), and holds what a certificate does: the
invariants of a proof and the maps on which it says something, or a counterexample. Whoever can write to the cache can
make an entry say anything. So what comes out of it is a claim, rechecked as a certificate's are (`decide`):

* `proved`: the obligations are derived from the scenario, the solver shows each of them, and the interpreter tries to
  break what they prove;
* `refuted`: the interpreter sees the map break the property, and that it is as small as one that the search would show
  is asked again (`checker.prove.search.least`);
* `vacuous` and `proved-to-bound` rest on questions for which nothing can be brought along: they are decided again, from
  scratch. So is what is `unknown`: with more luck it may be decided.

What is not accepted is searched for as if there were no cache. What a search cost (its effort, not its time) and the
names of templates are told as the entry says: no verdict depends on them.

An entry is believed only where the user asks for it (``--trust-cache``), if nobody else can have written it (`store`).
"""
