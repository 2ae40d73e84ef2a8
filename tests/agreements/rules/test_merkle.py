"""Trees of hashes: against the known roots of RFC 6962's public test vectors, and every proof of every small tree."""

from agreements.rules import merkle

# The eight leaves of the reference implementation of Certificate Transparency, and the roots of their first n.
LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
MANY = [merkle.leaf(bytes([n])) for n in range(23)]


def test_the_roots_are_those_of_the_public_vectors():
    leaves = [merkle.leaf(bytes.fromhex(data)) for data in LEAVES]
    assert [merkle.root_of(leaves[: n + 1]).hex() for n in range(8)] == ROOTS


def test_a_tree_that_grows_is_the_tree_made_at_once():
    peaks, size = [], 0
    for n, each in enumerate(MANY, start=1):
        peaks, size = merkle.grown(peaks, size, [each])
        assert (size, merkle.root(peaks)) == (n, merkle.root_of(MANY[:n]))


def test_every_leaf_of_every_tree_has_its_path_and_no_other():
    for size in range(1, len(MANY) + 1):
        root = merkle.root_of(MANY[:size])
        for at in range(size):
            path = merkle.inclusion(MANY[:size], at)
            assert merkle.included(MANY[at], at, size, path, root)
            assert not merkle.included(MANY[at - 1], at, size, path, root) or size == 1
            assert not any(merkle.included(MANY[at], other, size, path, root) for other in range(size) if other != at)
            assert not merkle.included(MANY[at], at, size, [*path, root], root)
            assert not path or not merkle.included(MANY[at], at, size, path[:-1], root)


def test_every_tree_begins_as_its_former_ones_did():
    for size in range(1, len(MANY) + 1):
        root = merkle.root_of(MANY[:size])
        for earlier in range(1, size + 1):
            path, former = merkle.consistency(MANY[:size], earlier), merkle.root_of(MANY[:earlier])
            assert merkle.consistent(earlier, former, size, root, path)
            assert not merkle.consistent(earlier, MANY[0], size, root, path) or earlier == 1
            if earlier < size:
                assert not merkle.consistent(earlier, former, size, merkle.EMPTY, path)
                assert not merkle.consistent(earlier, former, size, root, [*path, root])
