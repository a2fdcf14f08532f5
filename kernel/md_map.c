// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the process sees of the windows, page by page: a mirror page, coherent
 * memory itself, device registers, or SIGBUS. A wild pointer faults instead of
 * reading zeros.
 *
 * Each session has an address_space of its own, so that one session's pages
 * can be unmapped by kernel address from any context that may sleep, without
 * that process's mmap lock.
 */
#include <linux/cc_platform.h>
#include <linux/io.h>
#include <linux/slab.h>
#include <linux/version.h>
#include "md_runtime.h"

#define MD_WIN_PAGE_SHIFT	(47 - PAGE_SHIFT)

static loff_t md_offset_of(int window, u64 k)
{
	return MD_WIN_OFFSET(window) + (k - md_window_base(window));
}

/* The process writes to the page at @k, which is a device's. */
static void md_note_write(struct md_session *s, u64 k)
{
	spin_lock(&s->lock);
	if (s->written_count < MD_WRITTEN_MAX)
		s->written[s->written_count++] = k & PAGE_MASK;
	else
		s->written_many = true;
	WRITE_ONCE(s->device_written, true);
	spin_unlock(&s->lock);
}

static vm_fault_t md_fault(struct vm_fault *vmf)
{
	struct vm_area_struct *vma = vmf->vma;
	struct md_session *s = vma->vm_file->private_data;
	int window = vmf->pgoff >> MD_WIN_PAGE_SHIFT;
	u64 offset = (vmf->pgoff & ((1ULL << MD_WIN_PAGE_SHIFT) - 1)) << PAGE_SHIFT;
	vm_fault_t ret = VM_FAULT_SIGBUS;
	bool coherent = false, registers = false;
	struct md_driver *d = READ_ONCE(s->driver);
	/* vm_page_prot itself does not allow writing: see md_mkwrite(). */
	pgprot_t writable = vm_get_page_prot(vma->vm_flags);
	struct md_page *page;
	u64 k;

	if (window >= MD_WIN_COUNT || offset >= md_window_size(window))
		return VM_FAULT_SIGBUS;
	k = md_window_base(window) + offset;

	down_read(&s->map);
	if (READ_ONCE(s->dead))
		goto out;
	if (d) {
		/* Only of the process that serves: it alone is revoked when memory ends. */
		spin_lock(&d->lock);
		if (d->session == s) {
			coherent = md_mapped_page(d, k);
			registers = md_mmio_mapped(d, k);
		}
		spin_unlock(&d->lock);
	}
	page = xa_load(&s->pages, k >> PAGE_SHIFT);
	if (!coherent && page) {
		ret = vmf_insert_pfn_prot(vma, vmf->address,
					  page_to_pfn(virt_to_page(page->mirror)), writable);
	} else if (coherent || registers) {
		unsigned long pfn = slow_virt_to_phys((void *)k) >> PAGE_SHIFT;
		pgprot_t prot = vma->vm_page_prot;

		if (vmf->flags & FAULT_FLAG_WRITE) {
			md_note_write(s, k);
			prot = writable;
		}
		if (!coherent)
			prot = pgprot_noncached(prot);
		ret = vmf_insert_pfn_prot(vma, vmf->address, pfn, prot);
	}
out:
	up_read(&s->map);
	return ret;
}

/*
 * The first write to a page that was mapped for reading. Mirror pages are mapped for
 * writing from the start; registers and coherent memory when they are written.
 */
static vm_fault_t md_mkwrite(struct vm_fault *vmf)
{
	struct md_session *s = vmf->vma->vm_file->private_data;
	int window = vmf->pgoff >> MD_WIN_PAGE_SHIFT;
	u64 offset = (vmf->pgoff & ((1ULL << MD_WIN_PAGE_SHIFT) - 1)) << PAGE_SHIFT;

	if (window >= MD_WIN_COUNT)
		return VM_FAULT_SIGBUS;
	/*
	 * It goes, and comes back by a write fault, which notes it under session->map. Were it made
	 * writable here, md_watch_writes() and a read fault in between could leave an entry that
	 * looks the same, and a page that is writable but not noted.
	 */
	md_revoke(s, md_window_base(window) + offset, PAGE_SIZE);
	return VM_FAULT_NOPAGE;
}

/*
 * A debugger looks at, or sets, what the process sees of a mirror page. Pages of a
 * device have none: reading a register may change it.
 */
static int md_access(struct vm_area_struct *vma, unsigned long address, void *buf, int len, int write)
{
	struct md_session *s = vma->vm_file->private_data;
	u64 offset = ((u64)vma->vm_pgoff << PAGE_SHIFT) + (address - vma->vm_start);
	int window = offset >> 47, n = min_t(int, len, PAGE_SIZE - offset_in_page(address));
	struct md_page *page;
	u64 k;

	if (window >= MD_WIN_COUNT)
		return -EINVAL;
	k = md_window_base(window) + (offset & ((1ULL << 47) - 1));
	down_read(&s->map);
	page = xa_load(&s->pages, k >> PAGE_SHIFT);
	if (!page || READ_ONCE(s->dead))
		n = -EIO;
	else if (write)
		memcpy(page->mirror + offset_in_page(address), buf, n);
	else
		memcpy(buf, page->mirror + offset_in_page(address), n);
	up_read(&s->map);
	return n;
}

static int md_may_split(struct vm_area_struct *vma, unsigned long address)
{
	return -EINVAL;
}

static int md_mremap(struct vm_area_struct *vma)
{
	return -EINVAL;
}

static const struct vm_operations_struct md_vm_ops = {
	.fault = md_fault,
	.pfn_mkwrite = md_mkwrite,
	.access = md_access,
	.may_split = md_may_split,
	.mremap = md_mremap,
};

static void md_vm_flags(struct vm_area_struct *vma, unsigned long set, unsigned long clear)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 3, 0)
	vm_flags_mod(vma, set, clear);
#else
	vma->vm_flags = (vma->vm_flags | set) & ~clear;
#endif
}

int md_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct md_session *s = file->private_data;
	unsigned long window = vma->vm_pgoff >> MD_WIN_PAGE_SHIFT;
	int err = 0;

	if (window >= MD_WIN_COUNT || vma->vm_pgoff != window << MD_WIN_PAGE_SHIFT ||
	    vma->vm_end - vma->vm_start != md_window_size(window))
		return -EINVAL;
	if (!(vma->vm_flags & VM_SHARED) || (vma->vm_flags & VM_EXEC))
		return -EACCES;
	if (current->mm != s->mm)
		return -EPERM;

	spin_lock(&s->lock);
	if (s->driver || s->window[window])
		err = -EBUSY;
	else
		s->window[window] = vma->vm_start;
	spin_unlock(&s->lock);
	if (err)
		return err;
	md_vm_flags(vma, VM_PFNMAP | VM_IO | VM_DONTEXPAND | VM_DONTDUMP | VM_DONTCOPY,
		    VM_MAYEXEC);
	vma->vm_ops = &md_vm_ops;
	return 0;
}

/* ---- coherent memory -------------------------------------------------------- */

/*
 * May the memory at [k, k + size) be mapped as it is? It must be whole pages:
 * dma_direct_alloc() and its kin round the size up to pages and take those from the
 * page allocator (or CMA, or an IOMMU's), so nothing else lives in the last one, and
 * what they hand out is zeroed to its end. A block of a dma_pool is not: the free blocks of its page
 * hold the pool's own list (offsets, since 6.4 pointers), which the process must neither read nor write.
 */
bool md_mappable(u64 k, u64 size)
{
	unsigned int level;
	u64 page;

	/* With encrypted memory these pages need another bit in the entry than the mirror's. */
	if (!size || !PAGE_ALIGNED(k) || cc_platform_has(CC_ATTR_MEM_ENCRYPT))
		return false;
	/* Memory, not what describes it. */
	if (md_window_of(k) != MD_WIN_DIRECT && md_window_of(k) != MD_WIN_VMALLOC)
		return false;
	for (page = k; page < k + size; page += PAGE_SIZE) {
		pte_t *pte = lookup_address(page, &level);
		u64 uncached = _PAGE_PCD | _PAGE_PWT |
			       (level == PG_LEVEL_4K ? _PAGE_PAT : _PAGE_PAT_LARGE);

		if (!pte || !pte_present(*pte) || !pte_write(*pte) || (pte_flags(*pte) & uncached) ||
		    !page_is_ram(slow_virt_to_phys((void *)page) >> PAGE_SHIFT))
			return false;
	}
	return true;
}

/* Under d->lock. */
bool md_mapped_page(struct md_driver *d, u64 k)
{
	struct md_range *r = md_range_first(&d->allocs, k, k);

	return r && container_of(r, struct md_alloc, range)->mapped;
}

bool md_is_mapped(struct md_driver *d, u64 k)
{
	bool mapped;

	spin_lock(&d->lock);
	mapped = md_mapped_page(d, k);
	spin_unlock(&d->lock);
	return mapped;
}

/* ---- mirror pages (under session->sync) --------------------------------------- */

static void md_page_free(struct md_page *page)
{
	free_page((unsigned long)page->mirror);
	free_page((unsigned long)page->twin);
	kfree(page);
}

static noinline struct md_page *md_page_new(struct md_session *s, u64 k)
{
	struct md_page *page;

	if (s->page_count >= MD_PAGES_MAX || md_is_mapped(s->driver, k))
		return NULL;
	page = kzalloc(sizeof(*page), GFP_NOIO);
	if (!page)
		return NULL;
	page->address = round_down(k, PAGE_SIZE);
	page->mirror = (void *)get_zeroed_page(GFP_NOIO);
	page->twin = (void *)get_zeroed_page(GFP_NOIO);
	if (!page->mirror || !page->twin ||
	    xa_is_err(xa_store(&s->pages, k >> PAGE_SHIFT, page, GFP_NOIO))) {
		md_page_free(page);
		return NULL;
	}
	s->page_count++;
	return page;
}

__md_hot_call
struct md_page *md_page_get(struct md_session *s, u64 k, bool create)
{
	struct md_page *page = s->recent[(k >> PAGE_SHIFT) % MD_RECENT];

	if (page && page->address == round_down(k, PAGE_SIZE))
		return page;
	page = xa_load(&s->pages, k >> PAGE_SHIFT);
	if (page)
		s->recent[(k >> PAGE_SHIFT) % MD_RECENT] = page;
	return page || !create ? page : md_page_new(s, k);
}

static struct md_page *md_page_take(struct md_session *s, struct md_page *page, struct md_page *next)
{
	struct md_page **recent = &s->recent[(page->address >> PAGE_SHIFT) % MD_RECENT];

	if (*recent == page)
		*recent = NULL;
	xa_erase(&s->pages, page->address >> PAGE_SHIFT);
	s->page_count--;
	page->next = next;
	return page;
}

/* No fault finds these any more. */
static void md_pages_end(struct md_session *s, struct md_page *doomed)
{
	struct md_page *page;

	while ((page = doomed)) {
		doomed = page->next;
		md_revoke(s, page->address, PAGE_SIZE);
		md_page_free(page);
	}
}

/* When no activation is left: drops mirrors of what is nobody's allocation. */
void md_pages_trim(struct md_session *s)
{
	struct md_page *page, *doomed = NULL;
	unsigned long index;
	bool kept;

	down_write(&s->map);
	xa_for_each(&s->pages, index, page) {
		spin_lock(&s->driver->lock);
		kept = md_range_first(&s->driver->allocs, page->address,
				      page->address + PAGE_SIZE - 1);
		spin_unlock(&s->driver->lock);
		if (!kept)
			doomed = md_page_take(s, page, doomed);
	}
	up_write(&s->map);
	md_pages_end(s, doomed);
}

/* The mirror of [k, k + size), whole pages, gives way to something else. */
void md_pages_drop(struct md_session *s, u64 k, u64 size)
{
	struct md_page *page, *doomed = NULL;
	unsigned long index;

	down_write(&s->map);
	xa_for_each_range(&s->pages, index, page, k >> PAGE_SHIFT, (k + size - 1) >> PAGE_SHIFT)
		doomed = md_page_take(s, page, doomed);
	up_write(&s->map);
	md_pages_end(s, doomed);
}

/* No mapping is left. */
void md_pages_free(struct md_session *s)
{
	struct md_page *page;
	unsigned long index;

	xa_for_each(&s->pages, index, page)
		md_page_free(page);
	xa_destroy(&s->pages);
	memset(s->recent, 0, sizeof(s->recent));
	s->page_count = 0;
}

/* Makes [k, k + size) of the mirror zero and clean. */
void md_scrub(struct md_session *s, u64 k, u64 size)
{
	unsigned long index;
	struct md_page *page;
	u64 end = k + size;

	xa_for_each_range(&s->pages, index, page, k >> PAGE_SHIFT, (end - 1) >> PAGE_SHIFT) {
		u64 from = max(k, page->address);
		u64 to = min(end, page->address + PAGE_SIZE);

		memset(page->mirror + (from - page->address), 0, to - from);
		memset(page->twin + (from - page->address), 0, to - from);
	}
}

/* ---- revoking ------------------------------------------------------------------ */

void md_revoke(struct md_session *s, u64 k, u64 size)
{
	int window = md_window_of(k);

	if (window < 0)
		return;
	size += k & ~PAGE_MASK;
	unmap_mapping_range(&s->mapping, md_offset_of(window, k & PAGE_MASK),
			    round_up(size, PAGE_SIZE), 1);
}

void md_revoke_settled(struct md_session *s, u64 k, u64 size)
{
	down_write(&s->map);
	up_write(&s->map);
	md_revoke(s, k, size);
}

/*
 * A page that the process may write is one that it has written: they all are mapped
 * anew when they are used next. No fault that maps one is under way meanwhile.
 */
void md_watch_writes(struct md_session *s)
{
	u64 written[MD_WRITTEN_MAX];
	u32 count, i;
	bool many;

	if (!READ_ONCE(s->device_written))
		return;
	down_write(&s->map);
	spin_lock(&s->lock);
	count = s->written_count;
	many = s->written_many;
	memcpy(written, s->written, sizeof(written));
	s->written_count = 0;
	s->written_many = false;
	WRITE_ONCE(s->device_written, false);
	spin_unlock(&s->lock);
	for (i = 0; i < count; i++)
		md_revoke(s, written[i], PAGE_SIZE);
	for (i = 0; many && i < MD_WIN_COUNT; i++)
		unmap_mapping_range(&s->mapping, MD_WIN_OFFSET(i), md_window_size(i), 1);
	up_write(&s->map);
}

/* Called once session->dead is set: no fault inserts a page after this. */
void md_revoke_all(struct md_session *s)
{
	int window;

	down_write(&s->map);
	up_write(&s->map);
	for (window = 0; window < MD_WIN_COUNT; window++)
		unmap_mapping_range(&s->mapping, MD_WIN_OFFSET(window),
				    md_window_size(window), 1);
}
