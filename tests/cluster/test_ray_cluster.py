import socket
from time import monotonic

import pytest
from worldloom.cluster.errors import ReachError
from worldloom.cluster.ray_cluster import RayCluster


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.mark.parametrize("form", ["127.0.0.1:{}", "ray://127.0.0.1:{}"])
def test_no_cluster_at_the_address_is_said_at_once_with_the_way_on(form):
    address, began = form.format(free_port()), monotonic()
    with pytest.raises(ReachError, match=r"no Ray cluster answers.*ray start --head.*--local"):
        RayCluster(address, "test")
    assert monotonic() - began < 20


@pytest.mark.parametrize("address", ["here", "127.0.0.1:", "127.0.0.1:port", "127.0.0.1:99999999"])
def test_an_address_that_is_none_is_refused(address):
    with pytest.raises(ReachError):
        RayCluster(address, "test")


def test_an_address_is_not_overlooked_where_ray_is_connected_already(ray_address):
    with pytest.raises(ReachError, match="no Ray cluster answers"):
        RayCluster(f"127.0.0.1:{free_port()}", "test")
    with socket.create_server(("127.0.0.1", 0)) as other:
        address = f"127.0.0.1:{other.getsockname()[1]}"
        with pytest.raises(ReachError, match=rf"connected.*{ray_address}.*cannot join {address}"):
            RayCluster(address, "test")


@pytest.mark.parametrize("named", [True, False])
def test_a_cluster_that_this_process_joined_is_used_and_left_running(ray_address, named):
    import ray

    cluster = RayCluster(ray_address if named else "", "test")
    cluster.close()
    assert cluster.joined
    assert ray.is_initialized()
